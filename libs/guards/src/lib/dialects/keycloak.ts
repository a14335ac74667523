import { signatureAlgorithms } from '../keys/algorithms.js';
import type { Dialect } from './dialect.js';

/**
 * Keycloak. Its ID tokens and refresh tokens have the header `typ` of its access tokens, so the claim `typ` tells
 * them apart: `Bearer`, or `DPoP` for a bound one. An API needs an audience mapper, or `aud` names none.
 */
export const keycloak: Dialect = {
  name: 'keycloak',
  types: ['jwt', 'at+jwt'],
  algorithms: signatureAlgorithms,
  requiredClaims: ['iat', 'jti'],
  fixedClaims: { typ: ['Bearer', 'DPoP'] },
  clientIdClaims: ['azp', 'client_id'],
  scopeClaims: ['scope'],
};
