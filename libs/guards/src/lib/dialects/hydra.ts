import { signatureAlgorithms } from '../keys/algorithms.js';
import type { Dialect } from './dialect.js';

/** Ory Hydra with JWT access tokens: client in `client_id`, scopes as the list `scp`, the string `scope`, or both. */
export const hydra: Dialect = {
  name: 'hydra',
  types: ['jwt', 'at+jwt'],
  algorithms: signatureAlgorithms,
  requiredClaims: ['iat', 'jti'],
  clientIdClaims: ['client_id'],
  scopeClaims: ['scope', 'scp'],
};
