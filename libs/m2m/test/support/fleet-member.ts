import { once } from 'node:events';
import { OAuthTokenEndpoint } from '../../src/lib/engine/oauth-token-endpoint.js';
import { SenderBinding } from '../../src/lib/sender/sender-binding.js';
import { systemClock } from '../../src/lib/tokens/clock.js';
import { TokenManager } from '../../src/lib/tokens/token-manager.js';
import { RedisTokenStore } from '../../src/redis.js';

/** What a member of the fleet is told to do. */
export interface FleetOrder {
  readonly issuer: string;
  readonly clientSecret: string;
  readonly redis: string;
  readonly keys: string;
  readonly prefix: string;
  readonly audience: string;
  readonly callers: number;
}

/** What it says of it. */
export interface FleetReport {
  readonly fingerprints: readonly string[];
  readonly served: number;
  readonly minted: number;
}

/** One instance of a service in a process of its own: it gets ready, and asks for tokens at the parent's word. */
async function main(order: FleetOrder): Promise<void> {
  const { issuer, clientSecret, audience, callers, keys, prefix } = order;
  const store = new RedisTokenStore({ url: order.redis, keys, prefix });
  const endpoint = new OAuthTokenEndpoint({
    issuer,
    allowInsecure: false,
    service: 'orders',
    clientId: 'orders',
    provider: 'auth0',
    credential: { clientSecret, method: 'client_secret_post' },
    sender: new SenderBinding({}, systemClock),
  });
  const shared = { store, client: [issuer, 'orders'], credential: async () => 'one', timeout: 10_000 };
  const tokens = new TokenManager(endpoint, {
    shared,
    retry: { attemptTimeout: 20_000, totalTimeout: 40_000 },
  });
  if (!(await store.connected(20_000))) throw new Error('Redis does not answer');
  process.send?.('ready');
  await once(process, 'message');
  const got = await Promise.all(Array.from({ length: callers }, () => tokens.getToken({ audience })));
  await tokens.idle();
  const [{ minted = 0 } = {}] = tokens.stats();
  const report: FleetReport = {
    fingerprints: [...new Set(got.map(({ fingerprint }) => fingerprint))],
    served: got.length,
    minted,
  };
  process.send?.(report, () => process.disconnect());
  await store.close();
}

await main(JSON.parse(process.env['FLEET_ORDER'] ?? '{}') as FleetOrder);
