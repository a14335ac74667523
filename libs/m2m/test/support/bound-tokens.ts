import { certificateThumbprint, type LoopbackIssuer } from '@countersign/testing';
import { AccessToken } from '../../src/index.js';
import type { TokenSource } from '../../src/lib/http/token-source.js';

/** A source of one token that is bound to a certificate (RFC 8705 §3). */
export async function tokensBoundTo(
  issuer: LoopbackIssuer,
  pem: string,
  { audience, scopes }: { audience: string; scopes: string[] },
): Promise<TokenSource> {
  const cnf = { 'x5t#S256': certificateThumbprint(pem) };
  const value = await issuer.mint({ audience, scopes, claims: { cnf } });
  const token = new AccessToken({
    value,
    scheme: 'Bearer',
    audience,
    scopes,
    expiresAt: Date.now() + 3_600_000,
  });
  return { getToken: async () => token, peek: () => token, drop: () => false };
}
