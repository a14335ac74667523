import { M2mError } from '../errors/m2m-error.js';
import { Breaker } from './breaker.js';
import type { Clock } from './clock.js';
import { cooldownAfter } from './cooldown.js';

const failuresBeforePause = 5;

/**
 * The breaker of one token endpoint, for all tokens that are asked for there. It pauses at the fifth time in a row that
 * the endpoint cannot answer, for as long as a single token's cooldown would; and at once for as long as `Retry-After`
 * says. A refusal shows that the endpoint works.
 */
export const endpointBreaker = (clock: Clock): Breaker =>
  new Breaker(clock, (error, failures, pauses) => {
    if (!(error instanceof M2mError) || !error.transient) return undefined;
    if (error.retryAfter === undefined && failures < failuresBeforePause) return 0;
    return cooldownAfter(error, pauses, clock);
  });
