import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@countersign/testing';
import { Cluster, Redis } from 'ioredis';
import { afterAll, describe, expect, it } from 'vitest';
import { TokenManager } from '../src/index.js';
import { RedisTokenStore } from '../src/redis.js';
import { FakeEndpoint } from './support/fake-endpoint.js';

const cluster = await startCluster();

afterAll(() => cluster?.stop());

describe.skipIf(cluster === undefined)('a cluster', () => {
  it('shares tokens, locks and counts as one Redis does', async () => {
    const client = new Cluster([{ host: '127.0.0.1', port: cluster?.port ?? 0 }]);
    const store = new RedisTokenStore({ client, keys: `a:${randomBytes(32).toString('base64')}` });
    const endpoint = new FakeEndpoint();
    const instance = () =>
      new TokenManager(endpoint, {
        budget: { limit: 10, per: 'hour' },
        shared: { store, client: ['issuer', 'orders'], credential: async () => 'c', timeout: 10_000 },
      });
    const audiences = ['https://inventory.example', 'https://orders.example', 'https://billing.example'];
    for (const tokens of [instance(), instance()]) {
      for (const audience of audiences) await tokens.getToken({ audience });
      await tokens.idle();
    }
    const refused = instance();
    const [audience = ''] = audiences;
    const { fingerprint } = await refused.getToken({ audience });
    refused.drop({ audience }, fingerprint);
    await refused.getToken({ audience });
    await refused.idle();
    expect(endpoint.mints).toBe(4);
    expect(refused.quotas()).toMatchObject([{ name: 'budget', remaining: 6 }]);
    client.disconnect();
  });
});

/** A cluster of one node that has every slot; nothing where the machine has no `redis-server`. */
async function startCluster() {
  const [port, busPort] = [await freePort(), await freePort()];
  const folder = await mkdtemp(join(tmpdir(), 'redis-cluster-'));
  const flags = {
    port: `${port}`,
    bind: '127.0.0.1',
    dir: folder,
    save: '',
    'cluster-enabled': 'yes',
    'cluster-port': `${busPort}`,
    'cluster-announce-ip': '127.0.0.1',
  };
  const server = spawn(
    'redis-server',
    Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value]),
    {
      stdio: 'ignore',
    },
  );
  const ended = once(server, 'exit').catch(() => undefined);
  const node = new Redis({ port, host: '127.0.0.1', maxRetriesPerRequest: null });
  node.on('error', () => undefined);
  const ready = (async () => {
    await node.cluster('ADDSLOTSRANGE', 0, 16_383);
    while (!(await node.cluster('INFO')).includes('cluster_state:ok'))
      await new Promise((resolve) => setTimeout(resolve, 50));
    return true;
  })().catch(() => false);
  const started = await Promise.race([ready, ended.then(() => false)]);
  const stop = async () => {
    node.disconnect();
    server.kill();
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  if (started) return { port, stop };
  await stop();
  if (process.env['REQUIRE_SERVICES'] === '1') throw new Error('redis-server is required and there is none.');
  console.warn('Skipped: no redis-server on this machine.');
  return undefined;
}
