import {
  createHash,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomUUID,
  sign,
} from 'node:crypto';
import { LRUCache } from 'lru-cache';
import * as oauth from 'oauth4webapi';

const maxOrigins = 100;
const maxNonceLength = 1_024;
const es256 = { name: 'ECDSA', namedCurve: 'P-256' } as const;

const base64url = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** The key of this process for DPoP (RFC 9449): P-256, made at start, in memory alone, never exported. */
export class DpopKey {
  /** The RFC 7638 thumbprint of the public key: `jkt` of the tokens that are bound to it. */
  readonly thumbprint: string;
  readonly #key: KeyObject;
  readonly #header: string;
  readonly #nonces = new LRUCache<string, string>({ max: maxOrigins });
  readonly #now: () => number;
  #handle: Promise<oauth.DPoPHandle> | undefined;

  /** @param now milliseconds of the epoch; default `Date.now` */
  constructor(now: () => number = Date.now) {
    const { privateKey, publicKey } = generateKeyPairSync('ec', es256);
    const { crv, kty, x, y } = publicKey.export({ format: 'jwk' });
    const jwk = { crv, kty, x, y };
    this.thumbprint = createHash('sha256').update(JSON.stringify(jwk)).digest('base64url');
    this.#key = privateKey;
    this.#header = base64url({ typ: 'dpop+jwt', alg: 'ES256', jwk });
    this.#now = now;
  }

  /**
   * A proof for one request to a resource server (RFC 9449 §4.2, §7), with the nonce that its origin gave last.
   *
   * @param url the whole URL; query and fragment are left out of `htu`
   */
  proof(method: string, url: URL, accessToken: string): string {
    const { origin, pathname } = url;
    const nonce = this.#nonces.get(origin);
    const claims = base64url({
      jti: randomUUID(),
      htm: method.toUpperCase(),
      htu: `${origin}${pathname}`,
      iat: Math.floor(this.#now() / 1_000),
      ath: createHash('sha256').update(accessToken).digest('base64url'),
      ...(nonce !== undefined && { nonce }),
    });
    const input = `${this.#header}.${claims}`;
    const signature = sign('sha256', Buffer.from(input), { key: this.#key, dsaEncoding: 'ieee-p1363' });
    return `${input}.${signature.toString('base64url')}`;
  }

  /**
   * Keeps the nonce that an answer gives (`DPoP-Nonce`, RFC 9449 §8.2) for the next proof to its origin.
   *
   * @returns whether it is another one than before
   */
  keepNonce({ origin }: URL, nonce: unknown): boolean {
    if (typeof nonce !== 'string' || nonce === '' || nonce.length > maxNonceLength) return false;
    if (this.#nonces.get(origin) === nonce) return false;
    this.#nonces.set(origin, nonce);
    return true;
  }

  /** The same key for token requests, which the OAuth library proves and keeps the nonces of. */
  tokenRequests(): Promise<oauth.DPoPHandle> {
    this.#handle ??= this.#import();
    return this.#handle;
  }

  async #import(): Promise<oauth.DPoPHandle> {
    const { subtle } = crypto;
    const pkcs8 = new Uint8Array(this.#key.export({ type: 'pkcs8', format: 'der' }));
    const spki = new Uint8Array(createPublicKey(this.#key).export({ type: 'spki', format: 'der' }));
    const [privateKey, publicKey] = await Promise.all([
      subtle.importKey('pkcs8', pkcs8, es256, false, ['sign']),
      subtle.importKey('spki', spki, es256, true, ['verify']),
    ]);
    const clockSkew = Math.floor(this.#now() / 1_000) - Math.floor(Date.now() / 1_000);
    return oauth.DPoP({ [oauth.clockSkew]: clockSkew }, { privateKey, publicKey });
  }
}
