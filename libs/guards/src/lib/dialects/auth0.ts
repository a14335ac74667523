import type { Dialect } from './dialect.js';

/**
 * Auth0, in all four token dialects: `access_token` and `access_token_authz` (`typ` JWT, client in `azp`),
 * `rfc9068_profile` and `rfc9068_profile_authz` (`typ` at+jwt, client in `client_id`). With the `_authz` ones the
 * `permissions` count beside `scope`.
 */
export const auth0: Dialect = {
  name: 'auth0',
  types: ['jwt', 'at+jwt'],
  algorithms: ['RS256', 'PS256', 'RS512'],
  requiredClaims: ['iat'],
  clientIdClaims: ['azp', 'client_id'],
  scopeClaims: ['scope', 'permissions'],
};
