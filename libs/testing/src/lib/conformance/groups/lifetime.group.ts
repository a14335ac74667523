import { bearer } from '../arena.js';
import { type ConformanceGroup } from '../conformance-case.js';
import { eventually } from '../eventually.js';
import { expectAccepted, expectRefused } from '../expectations.js';
import { invalidToken } from '../refusal.js';

/** The most that a service may allow the clocks to differ, and then some. */
const expiryWithinMs = 65_000;

/** What becomes of a token that was accepted. */
export const lifetime: ConformanceGroup = {
  name: 'lifetime',
  alone: [
    {
      id: 'lifetime/expires-while-known',
      title: 'a token that was accepted is refused once it has expired',
      run: async ({ start }) => {
        const arena = await start();
        const shot = bearer(await arena.mint({ expiresIn: 2 }));
        expectAccepted(arena, await arena.fire(shot));
        await eventually(
          'An expired token must be refused',
          async () => !arena.accepts((await arena.fire(shot)).status),
          expiryWithinMs,
        );
        expectRefused(arena, await arena.fire(shot), shot, invalidToken('token_expired'));
      },
    },
  ],
};
