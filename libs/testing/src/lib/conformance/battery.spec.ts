import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Arena } from './arena.js';
import { expectRefused } from './expectations.js';
import { coldStart } from './groups/cold-start.group.js';
import { batteryFor } from './run-auth-conformance.js';
import { LoopbackIssuer } from '../issuer/loopback-issuer.js';

const groups = [...batteryFor({}), coldStart];
const refusals = groups.flatMap((group) => group.refusals ?? []);
const scenarios = groups.flatMap((group) => group.scenarios ?? []);
const ids = [...refusals, ...scenarios].map(({ id }) => id);

describe('the refusal battery', () => {
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
      },
      issuer,
      baseUrl,
    );
  });
  afterAll(async () => {
    credulous.closeAllConnections();
    await new Promise((resolve) => credulous.close(resolve));
    await issuer.close();
  });

  it('has at least 400 cases', () => {
    expect(ids.length).toBeGreaterThanOrEqual(400);
  });

  it('names each case once', () => {
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  });

  it('catches a service that accepts everything in every single case', async () => {
    const missed: string[] = [];
    for (const { id, attack, expected } of refusals) {
      const shot = await attack(arena);
      const answered = await arena.fire(shot);
      try {
        expectRefused(arena, answered, shot, expected);
        missed.push(id);
      } catch {
        continue;
      }
    }

    expect(missed).toEqual([]);
  });
});
