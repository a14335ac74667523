import type { SenderEvidence } from '../sender/sender-evidence.js';
import type { AccessTokenVerifier } from '../verifier/access-token-verifier.js';
import type { VerifiedToken } from '../verifier/verified-token.js';

/** Stands in passport-jwt for the key that a token is verified with: the verifier, and what shows who sends the token. */
export class TokenKey {
  /** @param sender what the request shows of who sends it; a bearer token where undefined */
  constructor(
    private readonly verifier: AccessTokenVerifier,
    private readonly sender?: SenderEvidence,
  ) {}

  /** @throws AuthError as the verifier does */
  verify(token: string): Promise<VerifiedToken> {
    return this.verifier.verify(token, this.sender ? { sender: this.sender } : {});
  }
}
