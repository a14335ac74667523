import type { Preset } from './preset.js';
import { scopeParameter } from './scope-parameter.js';

/** Any server that follows the standards: the API is named by `resource` (RFC 8707). */
export const rfc9068: Preset = {
  secretMethod: 'client_secret_basic',
  assertionAudience: 'issuer',
  parameters: (request) => ({ resource: request.audience, ...scopeParameter(request) }),
  echoesScopes: true,
};
