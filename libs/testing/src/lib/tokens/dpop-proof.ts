import { createHash, randomUUID } from 'node:crypto';
import { calculateJwkThumbprint } from 'jose';
import { compactJws } from './compact-jws.js';
import { type SigningKey } from '../keys/signing-key.js';

/**
 * What to put into a DPoP proof. Every header parameter and claim can be set to what an attacker would send; one given
 * as `undefined` is left out.
 */
export interface DpopProofOptions {
  /** `htm`. Default `GET`. */
  method?: string;
  /** `htu`, without query and fragment. */
  url: string;
  /** The access token that the proof goes with, for `ath`. Default: none, as at the token endpoint. */
  accessToken?: string;
  /** The nonce that the server gave. Default: none. */
  nonce?: string;
  /** Seconds from now to `iat`. Default 0. */
  issuedIn?: number;
  /** Header parameters to add, replace or (with `undefined`) remove. */
  header?: Record<string, unknown>;
  /** Claims to add, replace or (with `undefined`) remove. */
  claims?: Record<string, unknown>;
}

/**
 * A DPoP proof (RFC 9449, section 4.2): valid for the request it names, unless the options say otherwise.
 *
 * @param key the client's key pair; the proof carries its public half
 * @example
 * const key = generateSigningKey('ES256');
 * const token = await issuer.mint({ claims: { cnf: { jkt: await dpopThumbprint(key) } } });
 * const dpop = signDpopProof(key, { url: `${orders.url}/orders`, accessToken: token });
 */
export function signDpopProof(key: SigningKey, options: DpopProofOptions): string {
  const { method = 'GET', url, accessToken, nonce, issuedIn = 0 } = options;
  const header = {
    alg: key.alg,
    typ: 'dpop+jwt',
    jwk: key.publicKey.export({ format: 'jwk' }),
    ...options.header,
  };
  const claims = {
    htm: method,
    htu: url,
    jti: randomUUID(),
    iat: Math.floor(Date.now() / 1000) + issuedIn,
    ath: accessToken === undefined ? undefined : accessTokenHash(accessToken),
    nonce,
    ...options.claims,
  };
  return compactJws(JSON.stringify(header), JSON.stringify(claims), key.alg, key.privateKey);
}

/** The SHA-256 thumbprint of a key (RFC 7638), for `cnf.jkt` (RFC 9449, section 6.1). */
export function dpopThumbprint(key: SigningKey): Promise<string> {
  return calculateJwkThumbprint(key.publicJwk);
}

/** `ath` of a proof: the SHA-256 of the access token, base64url (RFC 9449, section 4.2). */
export function accessTokenHash(accessToken: string): string {
  return createHash('sha256').update(accessToken).digest('base64url');
}
