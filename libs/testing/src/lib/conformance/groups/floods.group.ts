import { expect } from 'vitest';
import { bearer, type Arena } from '../arena.js';
import { type ConformanceGroup } from '../conformance-case.js';
import { expectAccepted, expectRefused } from '../expectations.js';
import { invalidToken } from '../refusal.js';

const inParallel = async (count: number, one: (index: number) => Promise<void>): Promise<void> => {
  const queue = Array.from({ length: count }, (_unused, index) => index);
  const worker = async (): Promise<void> => {
    for (let index = queue.pop(); index !== undefined; index = queue.pop()) await one(index);
  };
  await Promise.all(Array.from({ length: 16 }, worker));
};

const fetches = (arena: Arena): number => arena.issuer.requests.jwks + arena.issuer.requests.discovery;

/** Keys that are asked for too often. */
export const floods: ConformanceGroup = {
  name: 'floods',
  scenarios: [
    {
      id: 'floods/flood-unknown-kid',
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
      id: 'floods/flood-bad-signature',
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
      id: 'floods/no-crosstalk',
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
      id: 'floods/kept-alive',
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
