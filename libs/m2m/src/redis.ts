export { KeyRing } from './lib/store/key-ring.js';
export type { RedisClient } from './lib/store/redis/redis-client.js';
export { RedisTokenStore, type RedisTokenStoreOptions } from './lib/store/redis/redis-token-store.js';
