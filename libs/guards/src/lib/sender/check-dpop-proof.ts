import { hash } from 'node:crypto';
import { AuthError } from '../errors/auth-error.js';
import { type SigningKey, signingKey } from '../keys/signing-key.js';
import { verifySignature } from '../keys/verify-signature.js';
import { checkAlgorithm } from '../verifier/checks/check-algorithm.js';
import { checkCritical } from '../verifier/checks/check-critical.js';
import { readNumericDate } from '../verifier/checks/read-numeric-date.js';
import { type CompactJws, parseCompact } from '../verifier/compact.js';
import type { JsonObject } from '../verifier/json/strict-json.js';
import type { DpopPolicy } from './dpop-options.js';
import { jwkThumbprint } from './jwk-thumbprint.js';
import type { SenderEvidence } from './sender-evidence.js';

const MAX_PROOF_LENGTH = 8_192;
const MAX_JTI_LENGTH = 256;
/** The store may be asked this long after the age of the proof was looked at. */
const STORE_SECONDS = 1;

/**
 * Holds a DPoP proof against the request that it came with, in the order of RFC 9449 §4.3, and uses it up.
 *
 * @param evidence the proof, the method and the URL
 * @param accessToken the token that the proof must be for
 * @param jkt the thumbprint of the key that the token is bound to
 * @throws AuthError `sender_mismatch`, with the reason; `error` is `invalid_dpop_proof` where the proof itself is bad,
 * `use_dpop_nonce` where it needs another nonce, and `invalid_token` where it is of another key
 */
export async function checkDpopProof(
  evidence: SenderEvidence,
  accessToken: string,
  jkt: string,
  policy: DpopPolicy,
): Promise<void> {
  const { proof, method, url } = evidence;
  if (proof === undefined || method === undefined || url === undefined) throw badProof('dpop_missing');

  const jws = read(proof);
  checkProofType(jws.header);
  const key = checkProofKey(jws, policy);
  checkTarget(jws.claims, method, url);
  checkAge(jws.claims, policy);
  checkNonce(jws.claims, policy);
  checkTokenHash(jws.claims, accessToken);
  checkBinding(key, jkt);
  await checkFirstUse(jws.claims, jkt, evidence.request, policy);
}

function read(proof: string): CompactJws {
  try {
    return parseCompact(proof, MAX_PROOF_LENGTH);
  } catch (cause) {
    throw badProof('dpop_malformed', cause);
  }
}

function checkProofType(header: JsonObject): void {
  const { typ } = header;
  if (typeof typ !== 'string' || typ.toLowerCase() !== 'dpop+jwt') throw badProof('dpop_typ');
}

/** The proof is signed with the public key that it carries; its key is held to the same rules as an issuer's. */
function checkProofKey({ header, signingInput, signature }: CompactJws, policy: DpopPolicy): JsonObject {
  try {
    checkCritical(header);
    const alg = checkAlgorithm(header, policy.algorithms);
    const jwk = { ...(header['jwk'] as JsonObject | undefined), kid: undefined };
    const key: SigningKey | undefined = signingKey(jwk);
    if (key?.algorithms.includes(alg) && verifySignature(alg, key.publicKey, signingInput, signature))
      return jwk;
  } catch (cause) {
    throw badProof('dpop_header', cause);
  }
  throw badProof('dpop_signature');
}

function checkTarget(claims: JsonObject, method: string, url: string): void {
  if (claims['htm'] !== method) throw badProof('dpop_method');
  const target = withoutQuery(claims['htu']);
  if (target === undefined || target !== withoutQuery(url)) throw badProof('dpop_url');
}

/** Query and fragment do not count (RFC 9449 §4.2); the rest is compared normalised (RFC 3986 §6.2.2, §6.2.3). */
function withoutQuery(url: unknown): string | undefined {
  if (typeof url !== 'string' || !URL.canParse(url)) return undefined;
  const { protocol, username, password, host, pathname } = new URL(url);
  return username || password ? undefined : `${protocol}//${host}${pathname}`;
}

function checkAge(claims: JsonObject, { clock, maxAgeSeconds, toleranceSeconds }: DpopPolicy): void {
  const now = clock() / 1_000;
  const issuedAt = issueTime(claims);
  if (issuedAt === undefined) throw badProof('dpop_iat');
  if (issuedAt > now + toleranceSeconds || issuedAt < now - maxAgeSeconds - toleranceSeconds) {
    throw badProof('dpop_age');
  }
}

function issueTime(claims: JsonObject): number | undefined {
  try {
    return readNumericDate(claims, 'iat');
  } catch {
    return undefined;
  }
}

function checkNonce(claims: JsonObject, { nonces }: DpopPolicy): void {
  if (!nonces) return;
  const { nonce } = claims;
  if (typeof nonce === 'string' && nonces.accepts(nonce)) return;
  throw new AuthError('sender_mismatch', 'The DPoP proof needs the nonce that this answer gives.', {
    error: 'use_dpop_nonce',
    reason: 'dpop_nonce',
    dpopNonce: nonces.current(),
  });
}

function checkTokenHash(claims: JsonObject, accessToken: string): void {
  if (claims['ath'] !== hash('sha256', accessToken, 'base64url')) throw badProof('dpop_token');
}

function checkBinding(jwk: JsonObject, jkt: string): void {
  if (jwkThumbprint(jwk) !== jkt) {
    throw new AuthError('sender_mismatch', 'The access token is bound to another key.', {
      reason: 'dpop_key',
    });
  }
}

/** The one use of the proof of a request, under way or done. */
const uses = new WeakMap<object, Promise<boolean>>();

/** Last, so that only a proof that is good in every other way takes up memory. */
async function checkFirstUse(
  claims: JsonObject,
  jkt: string,
  request: object | undefined,
  policy: DpopPolicy,
): Promise<void> {
  const { jti } = claims;
  if (typeof jti !== 'string' || jti === '' || jti.length > MAX_JTI_LENGTH) throw badProof('dpop_jti');
  const id = hash('sha256', `${jkt}.${jti}`, 'base64url');
  const seconds = policy.maxAgeSeconds + 2 * policy.toleranceSeconds + STORE_SECONDS;
  const use = async (): Promise<boolean> => policy.replayStore.use(id, seconds, jkt);
  let fresh: boolean;
  try {
    fresh = await (request ? onceFor(request, use) : use());
  } catch (cause) {
    throw badProof('dpop_replay_unchecked', cause);
  }
  if (!fresh) throw badProof('dpop_replayed');
}

function onceFor(request: object, use: () => Promise<boolean>): Promise<boolean> {
  const known = uses.get(request);
  if (known) return known;
  const used = use();
  uses.set(request, used);
  return used;
}

function badProof(reason: string, cause?: unknown): AuthError {
  return new AuthError('sender_mismatch', 'The DPoP proof of the request is missing or not valid.', {
    error: 'invalid_dpop_proof',
    reason,
    cause,
  });
}
