import { tokenExchangeGrant } from '../exchange/token-exchange-grant.js';
import type { TokenRequest } from '../tokens/token-request.js';
import type { Preset } from './preset.js';
import { scopeParameter } from './scope-parameter.js';

const parameters = (request: TokenRequest): Record<string, string> => ({
  audience: request.audience,
  ...scopeParameter(request),
  ...(request.organization !== undefined && { organization: request.organization }),
});

/** Auth0: `audience`, an `organization` where one is named, assertions addressed to the issuer. */
export const auth0: Preset = {
  secretMethod: 'client_secret_post',
  assertionAudience: 'issuer',
  parameters,
  exchange: (request, subject) => tokenExchangeGrant(parameters(request), subject),
  echoesScopes: true,
};
