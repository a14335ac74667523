import { tokenExchangeGrant } from '../exchange/token-exchange-grant.js';
import type { Preset } from './preset.js';
import { scopeParameter } from './scope-parameter.js';

/** Keycloak: an audience is part of a client scope, so scopes alone are asked for; it adds default scopes to the answer. */
export const keycloak: Preset = {
  secretMethod: 'client_secret_basic',
  assertionAudience: 'issuer',
  parameters: scopeParameter,
  exchange: (request, subject) =>
    tokenExchangeGrant({ audience: request.audience, ...scopeParameter(request) }, subject),
  echoesScopes: true,
};
