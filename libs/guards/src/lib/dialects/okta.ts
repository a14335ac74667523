import type { Dialect } from './dialect.js';

/** Okta, custom authorization servers: no `typ` header, client in `cid`, scopes as the list `scp`. */
export const okta: Dialect = {
  name: 'okta',
  types: ['jwt', 'at+jwt'],
  typeOptional: true,
  algorithms: ['RS256'],
  requiredClaims: ['iat', 'jti'],
  clientIdClaims: ['cid'],
  scopeClaims: ['scp'],
};
