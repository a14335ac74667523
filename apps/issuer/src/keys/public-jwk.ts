import type { JWK } from 'jose';

/** The public part of a signing key, member by member, so that nothing else can slip through. */
export function publicJwk({ kty, kid, alg, n, e, crv, x, y }: JWK): JWK {
  const publicPart = kty === 'RSA' ? { n, e } : { crv, x, y };
  return { kty, use: 'sig', alg, kid, ...publicPart };
}
