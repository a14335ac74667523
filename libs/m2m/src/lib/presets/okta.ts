import type { Preset } from './preset.js';
import { scopeParameter } from './scope-parameter.js';

/** Okta: the audience belongs to the authorization server; assertions are addressed to the token endpoint. */
export const okta: Preset = {
  secretMethod: 'client_secret_basic',
  assertionAudience: 'token_endpoint',
  parameters: scopeParameter,
  echoesScopes: true,
};
