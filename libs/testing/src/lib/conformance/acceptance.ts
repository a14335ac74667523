import { type Arena } from './arena.js';
import { eventually } from './eventually.js';

const withinMs = 20_000;

/** A valid token is accepted before long: the service comes to have the keys, or has them again without a restart. */
export async function expectAcceptance(arena: Arena): Promise<void> {
  await eventually(
    'A valid token must be accepted',
    async () => arena.accepts((await arena.present(arena.mint())).status),
    withinMs,
  );
}
