import { M2mError } from '../errors/m2m-error.js';
import { AccessToken } from './access-token.js';
import type { Clock } from './clock.js';
import { lifetimeOf, marginOf, softAfter } from './lifetime.js';
import type { TimedToken } from './minter.js';
import type { HeldToken, TokenTimes } from './token-state.js';

/**
 * The moments of a token's life, from the moment it was asked for.
 *
 * @param chance from 0 to 1, where in 75–85 % of the lifetime the refresh begins
 */
export function timesOf({ minted, askedAt }: TimedToken, chance: number): TokenTimes {
  const lifetime = lifetimeOf(minted.expiresIn);
  return {
    mintedAt: askedAt,
    softAt: askedAt + softAfter(lifetime, chance),
    endsAt: askedAt + lifetime * 1000,
    margin: marginOf(lifetime),
  };
}

/**
 * Takes a token in.
 *
 * An authorization server may hand out the same token until it ends: its end is then the earlier of the two that were
 * told, and the next try comes at half of what is left.
 *
 * @param chance as for {@link timesOf}
 * @param previous the token that is held so far
 * @throws M2mError `token_response_invalid` where the token has already ended
 */
export function hold(
  timed: TimedToken,
  audience: string,
  chance: number,
  clock: Clock,
  previous: HeldToken | undefined,
): HeldToken {
  const times = timesOf(timed, chance);
  const { endsAt } = times;
  const now = clock.monotonic();
  if (endsAt <= now)
    throw new M2mError(
      'token_response_invalid',
      `The authorization server answered a token for ${audience} that has already ended by its expires_in. Check its clock and the token lifetime of the API.`,
      { audience },
    );
  const { value, scheme, scopes } = timed.minted;
  const token = new AccessToken({ value, scheme, audience, scopes, expiresAt: clock.now() + (endsAt - now) });
  if (previous?.token.fingerprint === token.fingerprint && now < previous.endsAt) {
    const end = Math.min(previous.endsAt, endsAt);
    return { ...previous, endsAt: end, softAt: now + (end - now) / 2 };
  }
  return { token, ...times };
}
