import type { Dialect } from './dialect.js';

/**
 * Microsoft Entra ID, tokens of version 1.0 (client in `appid`) and 2.0 (client in `azp`). Application permissions
 * are in `roles`, delegated ones in `scp`. Its ID tokens name no client in either claim.
 */
export const entra: Dialect = {
  name: 'entra',
  types: ['jwt', 'at+jwt'],
  algorithms: ['RS256'],
  requiredClaims: ['iat', 'tid'],
  fixedClaims: { ver: ['1.0', '2.0'] },
  clientIdClaims: ['azp', 'appid'],
  scopeClaims: ['roles', 'scp'],
};
