import { AuthError } from '../errors/auth-error.js';
import type { VerifyOptions } from '../verifier/options.js';
import type { VerifiedToken } from '../verifier/verified-token.js';
import { checkDpopProof } from './check-dpop-proof.js';
import type { DpopPolicy } from './dpop-options.js';
import type { SenderEvidence } from './sender-evidence.js';

/** What a verifier asks of senders. */
export interface SenderPolicy {
  /** True where a token that is bound to nobody is refused. */
  readonly required: boolean;
  readonly dpop: DpopPolicy;
}

const BEARER: SenderEvidence = { scheme: 'Bearer' };

/**
 * A token that is bound to a sender is accepted from that sender alone: with a proof of its DPoP key (RFC 9449 §7.1),
 * over a connection with its certificate (RFC 8705 §3), or both. Never as a plain bearer token (RFC 9449 §7.2). A
 * token that is bound to no key is not accepted under the scheme `DPoP`.
 *
 * @param accessToken the token as it was sent
 * @param options what shows who sends it, and whether a token that is bound to nobody will do all the same
 * @throws AuthError `sender_mismatch`
 */
export async function checkSender(
  { confirmation }: VerifiedToken,
  accessToken: string,
  { sender: evidence = BEARER, acceptUnbound = false }: Pick<VerifyOptions, 'sender' | 'acceptUnbound'>,
  policy: SenderPolicy,
): Promise<void> {
  if (!confirmation && policy.required && !acceptUnbound) throw mismatch('unbound');
  if ((evidence.scheme === 'DPoP') !== (confirmation?.jkt !== undefined)) throw mismatch('scheme');
  if (confirmation?.x5t !== undefined) checkCertificate(confirmation.x5t, evidence.certificateThumbprint);
  if (confirmation?.jkt !== undefined)
    await checkDpopProof(evidence, accessToken, confirmation.jkt, policy.dpop);
}

function checkCertificate(expected: string, presented: string | undefined): void {
  if (presented === undefined) throw mismatch('certificate_missing');
  if (presented !== expected) throw mismatch('certificate');
}

function mismatch(reason: string): AuthError {
  return new AuthError('sender_mismatch', undefined, { claim: 'cnf', reason });
}
