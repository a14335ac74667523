import { tokenExchangeGrant } from '../exchange/token-exchange-grant.js';
import type { Preset } from './preset.js';
import { scopeParameter } from './scope-parameter.js';

/** Okta: the audience belongs to the authorization server; assertions are addressed to the token endpoint. */
export const okta: Preset = {
  secretMethod: 'client_secret_basic',
  assertionAudience: 'token_endpoint',
  parameters: scopeParameter,
  exchange: (request, subject) =>
    tokenExchangeGrant({ audience: request.audience, ...scopeParameter(request) }, subject),
  echoesScopes: true,
};
