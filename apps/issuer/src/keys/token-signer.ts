import {
  constants,
  createPrivateKey,
  sign,
  type JsonWebKey,
  type KeyObject,
  type SigningOptions,
} from 'node:crypto';
import type { SigningKey } from '../directory/directory.js';
import type { SigningAlg } from '../policy/dialects.js';

/** How each algorithm signs, with SHA-256 (RFC 7518 §3.1). */
const options: Readonly<Record<SigningAlg, SigningOptions>> = {
  RS256: { padding: constants.RSA_PKCS1_PADDING },
  PS256: { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST },
  ES256: { dsaEncoding: 'ieee-p1363' },
};

/**
 * Signs access tokens (RFC 7515 §7.1), in this thread: to have the thread pool sign costs half as much again, and the
 * request has nothing else to do meanwhile.
 */
export class TokenSigner {
  readonly #keys = new WeakMap<SigningKey, KeyObject>();

  /** @param header goes beside `alg` */
  sign(key: SigningKey, header: Readonly<Record<string, unknown>>, claims: object): string {
    const input = `${encode({ alg: key.alg, ...header })}.${encode(claims)}`;
    const signature = sign('sha256', Buffer.from(input), { key: this.#keyOf(key), ...options[key.alg] });
    return `${input}.${signature.toString('base64url')}`;
  }

  #keyOf(key: SigningKey): KeyObject {
    let imported = this.#keys.get(key);
    if (!imported) {
      imported = createPrivateKey({ key: key.jwk as JsonWebKey, format: 'jwk' });
      this.#keys.set(key, imported);
    }
    return imported;
  }
}

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
