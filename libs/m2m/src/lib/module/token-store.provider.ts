import { Logger, type Provider } from '@nestjs/common';
import { M2mOptionsError } from '../errors/options-error.js';
import type { TokenStore } from '../store/token-store.js';
import { checkOptions } from './check-options.js';
import type { M2mModuleOptions, RedisCacheOptions } from './m2m-module-options.js';
import { MODULE_OPTIONS_TOKEN } from './m2m.module-definition.js';

const connectMs = 1_000;

/** The shared cache as the module uses it. */
export interface OpenedStore {
  readonly store?: TokenStore;
  /** Closes what was opened here; a store that was handed in is its owner's. */
  close(): Promise<void>;
}

/** The provider token of the {@link OpenedStore}. */
export const TOKEN_STORE = Symbol('M2M_TOKEN_STORE');

/**
 * Opens the shared cache. A second is waited for its connection, so that the first token is shared already; a cache that
 * is away stops no boot.
 *
 * @throws M2mOptionsError with every problem of the options at once, or because `ioredis` is not installed
 */
export async function openStore(options: M2mModuleOptions): Promise<OpenedStore> {
  checkOptions(options);
  const { store } = options;
  if (store === undefined || !isRedis(store))
    return { ...(store && { store }), close: async () => undefined };
  const { RedisTokenStore } = await import('../store/redis/redis-token-store.js').catch(missingPackage);
  const redis = new RedisTokenStore(store);
  if (!(await redis.connected(connectMs)))
    new Logger('M2mTokens').warn(
      'the shared token cache is away: this instance asks for its own tokens until it is back',
    );
  return { store: redis, close: () => redis.close() };
}

/**
 * The store to use: the opened one, or one that was handed in ready.
 *
 * @throws M2mOptionsError where it is yet to be opened, which takes a module
 */
export function storeOf(
  { store }: M2mModuleOptions,
  opened: OpenedStore | undefined,
): TokenStore | undefined {
  if (opened) return opened.store;
  if (store === undefined || !isRedis(store)) return store;
  throw new M2mOptionsError([
    'store is opened by M2mModule. Hand in a RedisTokenStore where there is no module.',
  ]);
}

/** Whether a store is yet to be opened. */
const isRedis = (store: TokenStore | RedisCacheOptions): store is RedisCacheOptions => 'url' in store;

function missingPackage(error: unknown): never {
  if ((error as { code?: unknown }).code !== 'ERR_MODULE_NOT_FOUND') throw error;
  throw new M2mOptionsError(['store needs the package ioredis. Install it, or leave store out.']);
}

/** Provides the {@link OpenedStore} of the module's options. */
export const provideTokenStore: Provider = {
  provide: TOKEN_STORE,
  inject: [MODULE_OPTIONS_TOKEN],
  useFactory: openStore,
};
