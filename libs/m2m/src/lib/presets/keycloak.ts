import type { Preset } from './preset.js';
import { scopeParameter } from './scope-parameter.js';

/** Keycloak: an audience is part of a client scope, so scopes alone are asked for; it adds default scopes to the answer. */
export const keycloak: Preset = {
  secretMethod: 'client_secret_basic',
  assertionAudience: 'issuer',
  parameters: scopeParameter,
  echoesScopes: true,
};
