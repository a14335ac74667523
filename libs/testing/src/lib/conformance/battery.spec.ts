import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Arena } from './arena.js';
import { expectRefused } from './expectations.js';
import { type ServiceAbilities } from './options.js';
import { batteryFor } from './run-auth-conformance.js';
import { LoopbackIssuer } from '../issuer/loopback-issuer.js';

const kinds: readonly (readonly [name: string, abilities: ServiceAbilities, atLeast: number])[] = [
  ['bearer tokens alone', {}, 500],
  ['no discovery', { discovery: false }, 480],
  ['DPoP and certificates', { dpop: true, mtls: { name: 'x-ssl-cert', encoding: 'rfc9440' } }, 600],
  ['DPoP with nonces, TLS', { dpop: { nonces: true }, mtls: 'tls' }, 600],
];

/** What a service that accepts everything does as it should; a backslash in the address Node itself refuses. */
const tolerant = new RegExp(
  [
    '^accepted/',
    '^(dpop|mtls)/accepts-',
    '^floods/kept-alive$',
    '^scope/more$',
    '^route/backslash$',
    '^cold/(next-key|sudden-rotation)$',
  ].join('|'),
);

async function passes(story: () => Promise<void>): Promise<boolean> {
  try {
    await story();
    return true;
  } catch {
    return false;
  }
}

describe.each(kinds)('the refusal battery for %s', (_name, abilities, atLeast) => {
  const groups = batteryFor({ abilities });
  const refusals = groups.flatMap((group) => group.refusals ?? []);
  const scenarios = groups.flatMap((group) => group.scenarios ?? []);
  const alone = groups.flatMap((group) => group.alone ?? []);
  const ids = [...refusals, ...scenarios, ...alone].map(({ id }) => id);

  let issuer: LoopbackIssuer;
  let credulous: Server;
  let arena: Arena;

  beforeAll(async () => {
    issuer = await LoopbackIssuer.start();
    credulous = createServer((_request, response) => response.end('{}'));
    await new Promise<void>((resolve) => credulous.listen(0, '127.0.0.1', resolve));
    const baseUrl = `http://127.0.0.1:${(credulous.address() as AddressInfo).port}`;
    arena = new Arena(
      {
        baseUrl,
        issuer,
        request: { method: 'GET', path: '/things' },
        audience: 'https://api.example/',
        scopes: ['read:things'],
        abilities,
      },
      issuer,
      { baseUrl },
    );
  });
  afterAll(async () => {
    credulous.closeAllConnections();
    await new Promise((resolve) => credulous.close(resolve));
    await issuer.close();
  });

  it(`has at least ${atLeast} cases`, () => {
    expect(ids.length).toBeGreaterThanOrEqual(atLeast);
  });

  it('names each case once', () => {
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  });

  it('catches a service that accepts everything in every single refusal', async () => {
    const missed: string[] = [];
    for (const { id, attack, expected } of refusals) {
      const shot = await attack(arena);
      const answered = await arena.fire(shot);
      if (await passes(async () => expectRefused(arena, answered, shot, expected))) missed.push(id);
    }

    expect(missed).toEqual([]);
  });

  it('catches it in every story that is about more than acceptance', async () => {
    const passed: string[] = [];
    for (const { id, run } of scenarios) if (await passes(() => run(arena))) passed.push(id);
    for (const { id, run } of alone) {
      if (id.startsWith('lifetime/')) continue;
      issuer.resetCounters();
      if (await passes(() => run({ issuer, start: async () => arena }))) passed.push(id);
      issuer.recover();
    }

    expect(passed.filter((id) => !tolerant.test(id))).toEqual([]);
    expect(passed.length).toBeGreaterThan(10);
  });
});
