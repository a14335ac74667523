import { M2mError } from '../errors/m2m-error.js';
import type { Preset } from '../presets/preset.js';
import type { TokenRequest } from '../tokens/token-request.js';

/** A grant type and the parameters of its token request, beside the client's authentication. */
export interface Grant {
  readonly type: string;
  readonly parameters: Record<string, string>;
}

/**
 * The client-credentials grant (RFC 6749 §4.4), or the exchange of a caller's token (RFC 8693), in the provider's words.
 *
 * @throws M2mError `connection_misconfigured` where the provider knows no exchange
 */
export function grantOf(request: TokenRequest, { parameters, exchange }: Preset): Grant {
  const { subject } = request;
  if (subject === undefined) return { type: 'client_credentials', parameters: parameters(request) };
  if (exchange === undefined)
    throw new M2mError(
      'connection_misconfigured',
      `No token for ${request.audience} can be had on behalf of a caller: this kind of authorization server exchanges none.`,
      { audience: request.audience },
    );
  return exchange(request, subject);
}
