import { M2mError } from '../errors/m2m-error.js';
import type { Breaker } from './breaker.js';
import type { Clock } from './clock.js';
import { mintWithRetries, type RetryPolicy } from './mint-with-retries.js';
import type { MintedToken, TokenEndpoint } from './minted-token.js';
import type { Minter, TimedToken, TokenNeed } from './minter.js';
import type { TokenRequest } from './token-request.js';

/** Asks the authorization server, with retries, through the breaker of its token endpoint. */
export class IssuerMinter implements Minter {
  #lastFailure: M2mError | undefined;

  constructor(
    private readonly endpoint: TokenEndpoint,
    private readonly breaker: Breaker,
    private readonly clock: Clock,
    private readonly policy: RetryPolicy,
  ) {}

  obtain(request: TokenRequest, { within }: TokenNeed): Promise<TimedToken> {
    const policy = within === undefined ? this.policy : { ...this.policy, totalTimeout: within };
    const attempt = (run: () => Promise<MintedToken>) => this.#attempt(request, run);
    return mintWithRetries(this.endpoint, request, this.clock, policy, attempt);
  }

  async #attempt({ audience }: TokenRequest, run: () => Promise<MintedToken>): Promise<MintedToken> {
    return this.breaker.run(
      (left) => paused(audience, left, this.#lastFailure),
      async () => {
        try {
          return await run();
        } catch (error) {
          if (error instanceof M2mError) this.#lastFailure = error;
          throw error;
        }
      },
    );
  }
}

/** The error of a request that was not sent, because the endpoint failed too often or asked for a pause. */
function paused(audience: string, left: number, last: M2mError | undefined): M2mError {
  const retryAfter = Math.ceil(left / 1000);
  const code = last?.code === 'quota_exhausted' ? last.code : 'issuer_unreachable';
  return new M2mError(
    code,
    `No token for ${audience} was asked for: the token endpoint is left alone for ${retryAfter} s, because ${
      code === 'quota_exhausted' ? 'it answers that too many tokens were asked for' : 'it did not answer'
    }. The last reason: ${last?.message ?? 'unknown'}`,
    { audience, retryAfter },
  );
}
