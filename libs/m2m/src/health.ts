export { M2mHealthIndicator, type M2mHealthOptions } from './lib/health/m2m-health.indicator.js';
