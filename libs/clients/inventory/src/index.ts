export * from './inventory.client.gen.js';
