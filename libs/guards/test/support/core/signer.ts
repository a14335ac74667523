import { constants, generateKeyPairSync, type JsonWebKey, type KeyObject, sign } from 'node:crypto';
import type { SignatureAlgorithm } from '../../../src/lib/keys/algorithms.js';

export type Json = Record<string, unknown>;

/** A key pair that signs tokens, well-formed ones and others. */
export class Signer {
  readonly publicJwk: JsonWebKey & Json;
  readonly privateJwk: JsonWebKey & Json;

  constructor(
    readonly alg: SignatureAlgorithm,
    readonly kid: string | undefined,
    private readonly privateKey: KeyObject,
    publicKey: KeyObject,
  ) {
    this.publicJwk = { ...publicKey.export({ format: 'jwk' }), ...(kid === undefined ? {} : { kid }) };
    this.privateJwk = { ...privateKey.export({ format: 'jwk' }), ...(kid === undefined ? {} : { kid }) };
  }

  static create(alg: SignatureAlgorithm, kid?: string, modulusLength = 2048): Signer {
    const { privateKey, publicKey } = keyPair(alg, modulusLength);
    return new Signer(alg, kid, privateKey, publicKey);
  }

  /** A token with these claims; the header is `alg`, `kid` and `typ` JWT where nothing else is said. */
  token(claims: Json, header: Json = {}): string {
    const whole = {
      alg: this.alg,
      typ: 'JWT',
      ...(this.kid === undefined ? {} : { kid: this.kid }),
      ...header,
    };
    return this.tokenOf(JSON.stringify(whole), JSON.stringify(claims));
  }

  /** A token of these two texts, whatever they are. */
  tokenOf(header: string | Buffer, claims: string | Buffer): string {
    const input = `${segment(header)}.${segment(claims)}`;
    return `${input}.${this.signature(input)}`;
  }

  /** The signature over an input, base64url. */
  signature(input: string): string {
    return sign(hashOf(this.alg), Buffer.from(input), this.signInput()).toString('base64url');
  }

  private signInput(): Parameters<typeof sign>[2] {
    const key = this.privateKey;
    if (this.alg.startsWith('PS')) {
      return { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
    }
    return this.alg.startsWith('ES') ? { key, dsaEncoding: 'ieee-p1363' } : key;
  }
}

export function segment(text: string | Buffer): string {
  return Buffer.from(text as string).toString('base64url');
}

function hashOf(alg: SignatureAlgorithm): string | undefined {
  return alg === 'EdDSA' ? undefined : `sha${alg.slice(2)}`;
}

function keyPair(
  alg: SignatureAlgorithm,
  modulusLength: number,
): { privateKey: KeyObject; publicKey: KeyObject } {
  switch (alg) {
    case 'ES256':
      return generateKeyPairSync('ec', { namedCurve: 'P-256' });
    case 'ES384':
      return generateKeyPairSync('ec', { namedCurve: 'P-384' });
    case 'ES512':
      return generateKeyPairSync('ec', { namedCurve: 'P-521' });
    case 'EdDSA':
      return generateKeyPairSync('ed25519');
    default:
      return generateKeyPairSync('rsa', { modulusLength });
  }
}
