import { createHash, randomUUID } from 'node:crypto';
import { calculateJwkThumbprint, type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';

/** What a proof is to look like where it differs from a good one; `undefined` takes a claim out. */
export interface ProofShape {
  readonly claims?: Record<string, unknown>;
  readonly header?: Record<string, unknown>;
}

/** A client with a key of its own, whose tokens are bound to it. */
export class DpopClient {
  private constructor(
    private readonly privateKey: CryptoKey,
    private readonly jwk: JWK,
    /** The thumbprint of its key, for the `cnf` claim of its tokens. */
    readonly jkt: string,
  ) {}

  static async create(alg = 'ES256'): Promise<DpopClient> {
    const { privateKey, publicKey } = await generateKeyPair(alg);
    const jwk = await exportJWK(publicKey);
    return new DpopClient(privateKey, jwk, await calculateJwkThumbprint(jwk));
  }

  /** The `cnf` claim of its tokens. */
  get claims(): Record<string, unknown> {
    return { cnf: { jkt: this.jkt } };
  }

  /** A proof for one request (RFC 9449 §4.2). */
  async proof(method: string, url: string, token: string, shape: ProofShape = {}): Promise<string> {
    return new SignJWT({
      htm: method,
      htu: url,
      iat: Math.floor(Date.now() / 1_000),
      jti: randomUUID(),
      ath: createHash('sha256').update(token).digest('base64url'),
      ...shape.claims,
    })
      .setProtectedHeader({ typ: 'dpop+jwt', alg: 'ES256', jwk: this.jwk, ...shape.header })
      .sign(this.privateKey);
  }

  /** The headers of one request. */
  async headers(
    method: string,
    url: string,
    token: string,
    shape?: ProofShape,
  ): Promise<Record<string, string>> {
    return { authorization: `DPoP ${token}`, dpop: await this.proof(method, url, token, shape) };
  }
}
