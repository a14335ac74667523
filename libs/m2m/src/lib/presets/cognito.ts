import type { Preset } from './preset.js';
import { scopeParameter } from './scope-parameter.js';

/** Amazon Cognito: scopes carry the resource server's identifier, `<audience>/<scope>`. */
export const cognito: Preset = {
  secretMethod: 'client_secret_basic',
  assertionAudience: 'token_endpoint',
  parameters: ({ audience, scopes = [] }) =>
    scopeParameter({ audience, scopes: scopes.map((scope) => `${audience}/${scope}`) }),
  echoesScopes: false,
};
