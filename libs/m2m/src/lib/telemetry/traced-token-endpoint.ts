import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { M2mError } from '../errors/m2m-error.js';
import type { MintedToken, TokenEndpoint } from '../tokens/minted-token.js';
import type { TokenRequest } from '../tokens/token-request.js';
import { scope } from './scope.js';

/** A token endpoint each request of which is a span, with the audience and the outcome, and nothing of the token. */
export class TracedTokenEndpoint implements TokenEndpoint {
  readonly #tracer = trace.getTracer(scope);

  /** @param issuer the authorization server's identifier, for the span */
  constructor(
    private readonly endpoint: TokenEndpoint,
    private readonly issuer: string,
  ) {}

  mint(request: TokenRequest, signal: AbortSignal): Promise<MintedToken> {
    const attributes = {
      'countersign.m2m.issuer': this.issuer,
      'countersign.m2m.audience': request.audience,
    };
    const options = { kind: SpanKind.CLIENT, attributes };
    return this.#tracer.startActiveSpan('mint access token', options, async (span) => {
      let outcome = 'minted';
      try {
        return await this.endpoint.mint(request, signal);
      } catch (error) {
        outcome = error instanceof M2mError ? error.code : 'error';
        span.setStatus({ code: SpanStatusCode.ERROR, message: outcome });
        throw error;
      } finally {
        span.setAttribute('countersign.m2m.outcome', outcome);
        span.end();
      }
    });
  }
}
