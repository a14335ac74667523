import type { Cluster, Redis } from 'ioredis';

/** What is used of a client of `ioredis`. */
export type RedisClient = Pick<Redis | Cluster, 'eval' | 'multi' | 'set'>;
