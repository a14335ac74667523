import { calculateJwkThumbprint, EmbeddedJWK, jwtVerify } from 'jose';

/** What a valid DPoP proof of a token request says (RFC 9449, section 4.2). */
export interface DpopProof {
  /** JWK thumbprint of the proof's key, for `cnf.jkt`. */
  readonly thumbprint: string;
  readonly nonce: string | undefined;
}

const algorithms = ['ES256', 'ES384', 'EdDSA', 'RS256', 'PS256'];
const maxAgeSeconds = 300;

/** Checks the DPoP proofs of token requests (RFC 9449, section 4.3), and sees each of them once. */
export class DpopProofs {
  readonly #seen = new Set<string>();

  constructor(private readonly now: () => number) {}

  /** What the proof of a POST to `url` says; `undefined` when it does not hold. */
  async verify(proof: string, url: string): Promise<DpopProof | undefined> {
    try {
      const { payload, protectedHeader } = await jwtVerify(proof, EmbeddedJWK, {
        algorithms,
        typ: 'dpop+jwt',
        maxTokenAge: maxAgeSeconds,
        currentDate: new Date(this.now()),
        requiredClaims: ['jti', 'htm', 'htu'],
      });
      const { jti, htm, htu, nonce } = payload;
      if (typeof jti !== 'string' || htm !== 'POST' || htu !== url || !protectedHeader.jwk) return undefined;
      const thumbprint = await calculateJwkThumbprint(protectedHeader.jwk);
      if (this.#seen.has(`${thumbprint} ${jti}`)) return undefined;
      this.#seen.add(`${thumbprint} ${jti}`);
      return { thumbprint, nonce: typeof nonce === 'string' ? nonce : undefined };
    } catch {
      return undefined;
    }
  }
}
