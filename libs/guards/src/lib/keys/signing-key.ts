import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { isSignatureAlgorithm, type SignatureAlgorithm } from './algorithms.js';

/** A public key of an issuer that access tokens may be verified with. */
export interface SigningKey {
  readonly kid: string | undefined;
  /** The algorithms that it fits. */
  readonly algorithms: readonly SignatureAlgorithm[];
  /** Made once, so that no verification parses a key. */
  readonly publicKey: KeyObject;
  /** Tells two keys apart, whatever their `kid`. */
  readonly fingerprint: string;
  /** Until when it is trusted, in milliseconds since the epoch; 0 once its issuer no longer publishes it. */
  trustedUntil: number;
}

/** Members that only a private or symmetric key has (RFC 7518 §6.2.2, §6.3.2, §6.4). */
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];
const MIN_RSA_BITS = 2_048;
const MAX_RSA_BITS = 8_192;
/** An exponent beyond 64 bits makes a verification as slow as a signature; a DPoP proof brings a key of its sender's making. */
const MAX_RSA_EXPONENT = 2n ** 64n;
const MAX_KID_LENGTH = 256;

const curveAlgorithms: Readonly<Record<string, SignatureAlgorithm>> = {
  'P-256': 'ES256',
  'P-384': 'ES384',
  'P-521': 'ES512',
  Ed25519: 'EdDSA',
  Ed448: 'EdDSA',
};

/**
 * A key of a JWK set as a signing key, or `undefined` when it is none that may be used: for another use or operation
 * (RFC 7517 §4.2, §4.3), for an algorithm that does not fit it (§4.4), an RSA key below 2,048 bits (RFC 7518 §3.3)
 * or with an exponent beyond 64 bits,
 * a key that cannot be read, or one whose private part was published with it, which anybody may sign with.
 */
export function signingKey(jwk: unknown): SigningKey | undefined {
  if (!isObject(jwk) || PRIVATE_MEMBERS.some((member) => member in jwk)) return undefined;
  if (!isForVerification(jwk)) return undefined;
  const { kid } = jwk;
  if (kid !== undefined && !(typeof kid === 'string' && kid !== '' && kid.length <= MAX_KID_LENGTH))
    return undefined;
  const algorithms = algorithmsOf(jwk);
  if (algorithms.length === 0) return undefined;
  const publicKey = importKey(jwk);
  if (!publicKey || !isStrong(publicKey)) return undefined;
  const fingerprint = JSON.stringify([
    kid,
    algorithms,
    jwk['kty'],
    jwk['crv'],
    jwk['n'],
    jwk['e'],
    jwk['x'],
    jwk['y'],
  ]);
  return { kid, algorithms, publicKey, fingerprint, trustedUntil: 0 };
}

function isForVerification(jwk: Record<string, unknown>): boolean {
  const { use, key_ops: operations } = jwk;
  if (use !== undefined && use !== 'sig') return false;
  return operations === undefined || (Array.isArray(operations) && operations.includes('verify'));
}

function algorithmsOf(jwk: Record<string, unknown>): readonly SignatureAlgorithm[] {
  const fitting = fittingAlgorithms(jwk);
  if (jwk['alg'] === undefined) return fitting;
  return fitting.filter((alg) => alg === jwk['alg']);
}

function fittingAlgorithms(jwk: Record<string, unknown>): readonly SignatureAlgorithm[] {
  const { kty, crv } = jwk;
  if (kty === 'RSA') return ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'];
  if (typeof crv !== 'string' || !Object.hasOwn(curveAlgorithms, crv)) return [];
  const alg = curveAlgorithms[crv];
  const family = kty === 'EC' ? 'ES' : kty === 'OKP' ? 'Ed' : undefined;
  return isSignatureAlgorithm(alg) && family !== undefined && alg.startsWith(family) ? [alg] : [];
}

function importKey(jwk: JsonWebKey): KeyObject | undefined {
  try {
    return createPublicKey({ key: jwk, format: 'jwk' });
  } catch {
    return undefined;
  }
}

function isStrong(key: KeyObject): boolean {
  if (key.asymmetricKeyType !== 'rsa') return true;
  const { modulusLength = 0, publicExponent = 0n } = key.asymmetricKeyDetails ?? {};
  return (
    modulusLength >= MIN_RSA_BITS &&
    modulusLength <= MAX_RSA_BITS &&
    publicExponent >= 3n &&
    publicExponent < MAX_RSA_EXPONENT &&
    publicExponent % 2n === 1n
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
