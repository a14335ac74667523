import type { Preset } from './preset.js';
import { scopeParameter } from './scope-parameter.js';

/** Ory Hydra: `audience`, secrets by HTTP Basic, assertions addressed to the token endpoint. */
export const hydra: Preset = {
  secretMethod: 'client_secret_basic',
  assertionAudience: 'token_endpoint',
  parameters: (request) => ({ audience: request.audience, ...scopeParameter(request) }),
  echoesScopes: true,
};
