import type { Preset } from './preset.js';
import { scopeParameter } from './scope-parameter.js';

/** Auth0: `audience`, an `organization` where one is named, assertions addressed to the issuer. */
export const auth0: Preset = {
  secretMethod: 'client_secret_post',
  assertionAudience: 'issuer',
  parameters: (request) => ({
    audience: request.audience,
    ...scopeParameter(request),
    ...(request.organization !== undefined && { organization: request.organization }),
  }),
  echoesScopes: true,
};
