import { type Arena } from './arena.js';
import { eventually } from './eventually.js';

const recoveryMs = 20_000;

/** A valid token is accepted again before long, without a restart. */
export async function expectRecovery(arena: Arena): Promise<void> {
  await eventually(
    'A valid token must be accepted again',
    async () => arena.accepts((await arena.present(arena.mint())).status),
    recoveryMs,
  );
}
