import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { LoopbackIssuer } from '@countersign/testing';
import type { FleetOrder, FleetReport } from './support/fleet-member.js';
import { testRedis } from './support/redis.js';

const redis = await testRedis();
const audience = 'https://inventory.example';
const processes = 8;
const callers = 1_000;

afterAll(() => redis?.stop());

describe.skipIf(redis === undefined)('a fleet', () => {
  it(
    `${processes} processes with ${callers} parallel cold callers each cost one token`,
    { timeout: 180_000 },
    async () => {
      const issuer = await LoopbackIssuer.start({
        apis: [{ audience, scopes: ['read:stock'] }],
        clients: [{ clientId: 'orders', grants: { [audience]: ['read:stock'] } }],
      });
      const order: FleetOrder = {
        issuer: issuer.issuer,
        clientSecret: issuer.clientSecret('orders'),
        redis: redis?.url ?? '',
        keys: `a:${randomBytes(32).toString('base64')}`,
        prefix: redis?.prefix ?? '',
        audience,
        callers,
      };
      const members = Array.from({ length: processes }, () => startMember(order));
      try {
        await Promise.all(members.map((member) => messageOf<string>(member)));
        const reports = members.map((member) => messageOf<FleetReport>(member));
        for (const member of members) member.send('go');
        const all = await Promise.all(reports);
        expect(all.map(({ served }) => served)).toEqual(Array(processes).fill(callers));
        expect(new Set(all.flatMap(({ fingerprints }) => fingerprints)).size).toBe(1);
        expect(all.reduce((sum, { minted }) => sum + minted, 0)).toBe(1);
        issuer.expectMints(1);
      } finally {
        for (const member of members) member.kill();
        await issuer.close();
      }
    },
  );
});

const startMember = (order: FleetOrder): ChildProcess =>
  fork(fileURLToPath(new URL('support/fleet-member.ts', import.meta.url)), {
    execArgv: ['--conditions=@countersign/source', '--import', '@swc-node/register/esm-register'],
    env: { ...process.env, FLEET_ORDER: JSON.stringify(order) },
  });

/** The next message of a process; rejects where it ends instead. */
async function messageOf<T>(member: ChildProcess): Promise<T> {
  const controller = new AbortController();
  const { signal } = controller;
  const ended = once(member, 'exit', { signal }).then(([code]) => {
    throw new Error(`a member of the fleet ended with ${code}`);
  });
  const message = once(member, 'message', { signal }).then(([value]) => value as T);
  try {
    return await Promise.race([message, ended]);
  } finally {
    controller.abort();
    await Promise.allSettled([message, ended]);
  }
}
