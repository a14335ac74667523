import { JwtVerifier } from 'aws-jwt-verify';
import { bearerToken } from '../bearer-token.js';
import { fetchJson } from '../fetch-json.js';
import { hasScope } from '../has-scope.js';
import { peerModule } from '../peer-module.js';
import { type Variant } from '../variant.js';

type Jwks = Parameters<ReturnType<typeof create>['cacheJwks']>[0];

function create(issuer: string, audience: string, jwksUri: string) {
  return JwtVerifier.create({ issuer, audience, jwksUri });
}

/** aws-jwt-verify's generic verifier in a guard, its keys cached at boot. */
export const awsJwtVerify: Variant = {
  label: 'aws-jwt-verify in a guard',
  module: async ({ issuer, audience, jwksUri, scope }) => {
    const verifier = create(issuer, audience, jwksUri);
    verifier.cacheJwks(await fetchJson<Jwks>(jwksUri));
    return peerModule(async (context) => hasScope(await verifier.verify(bearerToken(context)), scope));
  },
};
