import { createPublicKey, type JsonWebKey } from 'node:crypto';
import { createVerifier, type Algorithm } from 'fast-jwt';
import { bearerToken } from '../bearer-token.js';
import { fetchJson } from '../fetch-json.js';
import { hasScope } from '../has-scope.js';
import { peerModule } from '../peer-module.js';
import { type Variant } from '../variant.js';

/** fast-jwt with its token cache in a guard; the first key of the set. */
export const fastJwt: Variant = {
  label: 'fast-jwt in a guard, cache on',
  module: async ({ issuer, audience, jwksUri, scope, algorithm }) => {
    const { keys } = await fetchJson<{ keys: [JsonWebKey] }>(jwksUri);
    const key = createPublicKey({ key: keys[0], format: 'jwk' }).export({ type: 'spki', format: 'pem' });
    const verify = createVerifier({
      key,
      cache: 10_000,
      algorithms: [algorithm as Algorithm],
      allowedIss: issuer,
      allowedAud: audience,
    }) as (token: string) => unknown;
    return peerModule((context) => hasScope(verify(bearerToken(context)), scope));
  },
};
