export * from './orders.client.gen.js';
