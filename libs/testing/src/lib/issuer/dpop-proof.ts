import { calculateJwkThumbprint, EmbeddedJWK, jwtVerify } from 'jose';

/** What a valid DPoP proof of a token request says (RFC 9449, section 4.2). */
export interface DpopProof {
  /** JWK thumbprint of the proof's key, for `cnf.jkt`. */
  readonly thumbprint: string;
  readonly nonce: string | undefined;
}

/** Checks a DPoP proof for a POST to `url`; `undefined` when it does not hold. */
export async function verifyDpopProof(proof: string, url: string): Promise<DpopProof | undefined> {
  try {
    const { payload, protectedHeader } = await jwtVerify(proof, EmbeddedJWK, {
      typ: 'dpop+jwt',
      maxTokenAge: 300,
      requiredClaims: ['jti', 'htm', 'htu'],
    });
    if (payload['htm'] !== 'POST' || payload['htu'] !== url || !protectedHeader.jwk) return undefined;
    const nonce = payload['nonce'];
    return {
      thumbprint: await calculateJwkThumbprint(protectedHeader.jwk),
      nonce: typeof nonce === 'string' ? nonce : undefined,
    };
  } catch {
    return undefined;
  }
}
