import { signatureAlgorithms } from '../keys/algorithms.js';
import type { Dialect } from './dialect.js';

/** The JWT profile for access tokens to the letter (RFC 9068 §2): `typ` at+jwt, `client_id`, `iat` and `jti`. */
export const rfc9068: Dialect = {
  name: 'rfc9068',
  types: ['at+jwt'],
  algorithms: signatureAlgorithms,
  requiredClaims: ['iat', 'jti'],
  clientIdClaims: ['client_id'],
  scopeClaims: ['scope'],
};
