import type { Preset } from '../presets/preset.js';
import type { TokenRequest } from '../tokens/token-request.js';

/** A grant type and the parameters of its token request, beside the client's authentication. */
export interface Grant {
  readonly type: string;
  readonly parameters: Record<string, string>;
}

/** The client-credentials grant (RFC 6749 §4.4), in the provider's words. */
export const grantOf = (request: TokenRequest, { parameters }: Preset): Grant => ({
  type: 'client_credentials',
  parameters: parameters(request),
});
