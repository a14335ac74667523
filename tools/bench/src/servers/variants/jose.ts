import { createRemoteJWKSet, jwtVerify } from 'jose';
import { bearerToken } from '../bearer-token.js';
import { hasScope } from '../has-scope.js';
import { peerModule } from '../peer-module.js';
import { type Variant } from '../variant.js';

/** `jwtVerify` with a remote key set in a guard. */
export const jose: Variant = {
  label: 'jose in a guard',
  module: ({ issuer, audience, jwksUri, scope }) => {
    const keys = createRemoteJWKSet(new URL(jwksUri));
    return peerModule(async (context) => {
      const { payload } = await jwtVerify(bearerToken(context), keys, { issuer, audience });
      return hasScope(payload, scope);
    });
  },
};
