export { KeySetHealthIndicator, type KeySetHealthOptions } from './lib/health/key-set.health-indicator.js';
