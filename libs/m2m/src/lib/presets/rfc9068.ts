import { tokenExchangeGrant } from '../exchange/token-exchange-grant.js';
import type { TokenRequest } from '../tokens/token-request.js';
import type { Preset } from './preset.js';
import { scopeParameter } from './scope-parameter.js';

const parameters = (request: TokenRequest): Record<string, string> => ({
  resource: request.audience,
  ...scopeParameter(request),
});

/** Any server that follows the standards: the API is named by `resource` (RFC 8707). */
export const rfc9068: Preset = {
  secretMethod: 'client_secret_basic',
  assertionAudience: 'issuer',
  parameters,
  exchange: (request, subject) => tokenExchangeGrant(parameters(request), subject),
  echoesScopes: true,
};
