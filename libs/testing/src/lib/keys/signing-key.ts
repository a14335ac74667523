import {
  createPublicKey,
  generateKeyPair,
  generateKeyPairSync,
  randomUUID,
  type JsonWebKey,
  type KeyObject,
} from 'node:crypto';
import { promisify } from 'node:util';

/** JWS algorithms that the loopback issuer can sign with (RFC 7518, section 3.1; RFC 8037). */
export type SigningAlgorithm =
  'RS256' | 'RS384' | 'RS512' | 'PS256' | 'PS384' | 'PS512' | 'ES256' | 'ES384' | 'ES512' | 'EdDSA';

/** A JWK as a key set publishes it (RFC 7517, section 4). */
export type PublicJwk = JsonWebKey & { kid: string; alg: SigningAlgorithm; use: 'sig' };

/** A key pair with the name under which its public half is published. */
export interface SigningKey {
  readonly kid: string;
  readonly alg: SigningAlgorithm;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly publicJwk: PublicJwk;
}

const ecCurves = { ES256: 'P-256', ES384: 'P-384', ES512: 'P-521' } as const;

const defaultModulusLength = 2048;

/** Whether an algorithm signs with an RSA key. */
export function isRsa(alg: SigningAlgorithm): boolean {
  return alg.startsWith('RS') || alg.startsWith('PS');
}

function generate(alg: SigningAlgorithm, modulusLength: number): KeyObject {
  if (alg === 'EdDSA') return generateKeyPairSync('ed25519').privateKey;
  if (alg === 'ES256' || alg === 'ES384' || alg === 'ES512')
    return generateKeyPairSync('ec', { namedCurve: ecCurves[alg] }).privateKey;
  return generateKeyPairSync('rsa', { modulusLength }).privateKey;
}

/**
 * Gives a private key a name and its published form.
 *
 * @param privateKey the key material
 * @param alg the algorithm it signs with
 * @param kid its name in the key set; default random
 */
export function nameKey(
  privateKey: KeyObject,
  alg: SigningAlgorithm,
  kid: string = randomUUID(),
): SigningKey {
  const publicKey = createPublicKey(privateKey);
  const publicJwk: PublicJwk = { ...publicKey.export({ format: 'jwk' }), kid, alg, use: 'sig' };
  return { kid, alg, privateKey, publicKey, publicJwk };
}

/**
 * Makes a new key pair at run time.
 *
 * @param alg default `RS256`
 * @param options `kid`: default random; `modulusLength`: bits of an RSA key, default 2048
 * @example
 * const stranger = generateSigningKey('ES256');
 * const forged = await issuer.mint({ key: stranger });
 */
export function generateSigningKey(
  alg: SigningAlgorithm = 'RS256',
  options: { kid?: string; modulusLength?: number } = {},
): SigningKey {
  return nameKey(generate(alg, options.modulusLength ?? defaultModulusLength), alg, options.kid);
}

const generateOffLoop = promisify(generateKeyPair);

/**
 * {@link generateSigningKey} on a thread of its own. An RSA key may take seconds on a busy machine: made on the event
 * loop, it would let the deadlines of everything else in the process pass.
 */
export async function makeSigningKey(
  alg: SigningAlgorithm,
  options: { modulusLength?: number } = {},
): Promise<SigningKey> {
  if (!isRsa(alg)) return generateSigningKey(alg);
  const { modulusLength = defaultModulusLength } = options;
  const { privateKey } = await generateOffLoop('rsa', { modulusLength });
  return nameKey(privateKey, alg);
}
