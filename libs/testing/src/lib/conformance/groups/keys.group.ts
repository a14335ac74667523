import { expect } from 'vitest';
import { bearer, type Arena } from '../arena.js';
import { type ConformanceGroup, type Scenario } from '../conformance-case.js';
import { expectAccepted, expectRefused } from '../expectations.js';
import { invalidToken } from '../refusal.js';
import { type JwksFault } from '../../issuer/faults/jwks-fault.js';
import { type TransportFault } from '../../issuer/faults/transport-fault.js';

/** What may go wrong at the issuer's key-set endpoint. */
export const jwksFaults: readonly (readonly [id: string, fault: TransportFault | JwksFault])[] = [
  ['500', { kind: 'status', status: 500 }],
  ['404', { kind: 'status', status: 404 }],
  ['429', { kind: 'rate-limited', retryAfter: 1 }],
  ['401', { kind: 'status', status: 401 }],
  ['204', { kind: 'status', status: 204 }],
  ['hang', { kind: 'hang' }],
  ['drip', { kind: 'drip' }],
  ['truncated', { kind: 'truncated' }],
  ['disconnect', { kind: 'disconnect' }],
  ['html', { kind: 'html' }],
  ['not-json', { kind: 'not-json' }],
  ['huge', { kind: 'huge' }],
  ['redirect', { kind: 'redirect' }],
  ['empty-set', { kind: 'empty-set' }],
  ['null', { kind: 'json', body: null }],
  ['list', { kind: 'json', body: [] }],
  ['no-keys', { kind: 'json', body: {} }],
  ['keys-object', { kind: 'json', body: { keys: {} } }],
  ['keys-null', { kind: 'json', body: { keys: [null, 1, 'x', {}] } }],
];

const warmWithinMs = 500;

function warm([id, fault]: (typeof jwksFaults)[number]): Scenario {
  return {
    id: `keys/warm-${id}`,
    title: `a key set that fails (${id}) leaves known and new tokens of known keys accepted`,
    run: async (arena) => {
      const known = await arena.mint();
      expectAccepted(arena, await arena.present(known));
      arena.issuer.fault('jwks', fault);
      try {
        const shot = bearer(await arena.mint({ kid: `unknown-${id}` }));
        const [refused, again, fresh] = await Promise.all([
          arena.fire(shot),
          arena.present(known),
          arena.present(arena.mint({ claims: { jti: id } })),
        ]);
        for (const answered of [again, fresh]) {
          expectAccepted(arena, answered);
          expect(answered.tookMs, 'A failing key set must not slow known keys down.').toBeLessThan(
            warmWithinMs,
          );
        }
        expectRefused(arena, refused, shot, invalidToken('key_unknown'));
      } finally {
        arena.issuer.recover('jwks');
      }
      expectAccepted(arena, await arena.present(known));
    },
  };
}

const inParallel = async (count: number, one: (index: number) => Promise<void>): Promise<void> => {
  const queue = Array.from({ length: count }, (_unused, index) => index);
  const worker = async (): Promise<void> => {
    for (let index = queue.pop(); index !== undefined; index = queue.pop()) await one(index);
  };
  await Promise.all(Array.from({ length: 16 }, worker));
};

const fetches = (arena: Arena): number => arena.issuer.requests.jwks + arena.issuer.requests.discovery;

/** Keys that fail, and keys that are asked for too often. */
export const keys: ConformanceGroup = {
  name: 'keys and floods',
  scenarios: [
    ...jwksFaults.map(warm),
    {
      id: 'keys/flood-unknown-kid',
      title: '500 unknown kids cost the issuer next to nothing, and valid tokens keep being accepted',
      run: async (arena) => {
        const valid = await arena.mint();
        expectAccepted(arena, await arena.present(valid));
        const before = fetches(arena);
        await inParallel(500, async (index) => {
          const shot = bearer(await arena.mint({ kid: `flood-${index}` }));
          expectRefused(arena, await arena.fire(shot), shot, invalidToken('key_unknown'));
          if (index % 50 === 0) expectAccepted(arena, await arena.present(valid));
        });
        expect(fetches(arena) - before, 'fetches of the key set').toBeLessThanOrEqual(4);
        expectAccepted(arena, await arena.present(arena.mint()));
      },
    },
    {
      id: 'keys/flood-bad-signature',
      title: '500 bad signatures cost the issuer nothing',
      run: async (arena) => {
        expectAccepted(arena, await arena.present(arena.mint()));
        const before = fetches(arena);
        const [header = '', , signature = ''] = (await arena.mint()).split('.');
        await inParallel(500, async (index) => {
          const claims = { ...arena.issuer.parts(arena.valid).claims, jti: String(index) };
          const shot = bearer(
            `${header}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.${signature}`,
          );
          expectRefused(arena, await arena.fire(shot), shot, invalidToken('signature_invalid'));
        });
        expect(fetches(arena) - before, 'fetches of the key set').toBeLessThanOrEqual(1);
        expectAccepted(arena, await arena.present(arena.mint()));
      },
    },
    {
      id: 'keys/no-crosstalk',
      title: 'requests in parallel each get the answer to their own token',
      run: async (arena) => {
        const valid = await arena.mint();
        await inParallel(200, async (index) => {
          if (index % 2 === 0) return expectAccepted(arena, await arena.present(valid));
          const shot = bearer(await arena.mint({ expiresIn: -100 - index }));
          expectRefused(arena, await arena.fire(shot), shot, invalidToken('token_expired'));
        });
      },
    },
    {
      id: 'keys/kept-alive',
      title: 'a distinct valid token each time is accepted each time',
      run: async (arena) => {
        const before = fetches(arena);
        await inParallel(200, async (index) =>
          expectAccepted(arena, await arena.present(arena.mint({ claims: { jti: `distinct-${index}` } }))),
        );
        expect(fetches(arena) - before, 'fetches of the key set').toBeLessThanOrEqual(1);
      },
    },
  ],
};
