import { M2mError } from '../errors/m2m-error.js';
import type { Clock } from './clock.js';
import { withDeadline } from './deadline.js';
import type { MintedToken, TokenEndpoint } from './minted-token.js';
import type { TimedToken } from './minter.js';
import type { TokenRequest } from './token-request.js';

/** How hard a token is tried for. Times in milliseconds. */
export interface RetryPolicy {
  /** One token request. Default 3,000. */
  readonly attemptTimeout: number;
  /** All of them and the pauses between. Default 6,000. */
  readonly totalTimeout: number;
  /** Tries after the first. Default 2. */
  readonly retries: number;
  /** The longest first pause; it doubles with each try. Default 250. */
  readonly backoff: number;
}

/** The numbers that hold unless others are given. */
export const retryPolicy: RetryPolicy = {
  attemptTimeout: 3_000,
  totalTimeout: 6_000,
  retries: 2,
  backoff: 250,
};

/**
 * Asks for a token until it comes, until trying again is pointless, or until the time is up. Pauses are random from 0 to
 * a bound that doubles (full jitter), and never shorter than `Retry-After`. A quota that is used up is not tried again.
 *
 * @param attempt runs one token request, or refuses to
 */
export function mintWithRetries(
  endpoint: TokenEndpoint,
  request: TokenRequest,
  clock: Clock,
  policy: RetryPolicy,
  attempt: (run: () => Promise<MintedToken>) => Promise<MintedToken>,
): Promise<TimedToken> {
  const { audience } = request;
  const { attemptTimeout, totalTimeout } = policy;
  const until = clock.monotonic() + totalTimeout;
  const attempts = async (outer: AbortSignal): Promise<TimedToken> => {
    for (let failures = 0; ; failures++) {
      const askedAt = clock.monotonic();
      try {
        const late = () => unanswered(audience, attemptTimeout);
        const mint = (signal: AbortSignal) => endpoint.mint(request, signal);
        const run = () => withDeadline(clock, attemptTimeout, late, mint, outer);
        return { minted: await attempt(run), askedAt };
      } catch (error) {
        const pause = pauseAfter(error, failures, clock, policy);
        if (outer.aborted || pause === undefined || clock.monotonic() + pause >= until) throw error;
        await clock.delay(pause, outer);
      }
    }
  };
  return withDeadline(clock, totalTimeout, () => unanswered(audience, totalTimeout), attempts);
}

/** The pause before the next try, in milliseconds; none where it is pointless. */
function pauseAfter(error: unknown, failures: number, clock: Clock, policy: RetryPolicy): number | undefined {
  if (!(error instanceof M2mError) || error.code !== 'issuer_unreachable') return undefined;
  if (failures >= policy.retries) return undefined;
  return Math.max((error.retryAfter ?? 0) * 1000, clock.random() * policy.backoff * 2 ** failures);
}

const unanswered = (audience: string, ms: number): M2mError =>
  new M2mError(
    'issuer_unreachable',
    `The authorization server did not answer the request for a token for ${audience} within ${ms} ms. Check that its token endpoint can be reached from here.`,
    { audience },
  );
