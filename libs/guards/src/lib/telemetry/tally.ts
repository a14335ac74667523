import { AuthError } from '../errors/auth-error.js';
import type { AuthErrorCode } from '../errors/refusals.js';

/** How often a verifier refused tokens of one issuer for one reason. */
export interface RefusalCount {
  /** One of the configured issuers, or `unknown` where the token names none of several. */
  readonly issuer: string;
  readonly code: AuthErrorCode;
  readonly count: number;
}

/** What a verifier has done so far. Holds nothing of any token. */
export interface VerifierStats {
  /** How often a token was recognised. */
  readonly recognised: number;
  /** How often a token was verified in full and accepted. */
  readonly verified: number;
  /** How often tokens were refused, by issuer and code. */
  readonly refused: readonly RefusalCount[];
  /** How many tokens are recognised at the moment. */
  readonly recognisable: number;
}

/** Counts what a verifier does. Plain numbers, so that counting costs the hot path nothing. */
export class Tally {
  recognised = 0;
  verified = 0;
  readonly #refused = new Map<string, { issuer: string; code: AuthErrorCode; count: number }>();

  /** Counts a refusal; anything but an {@link AuthError} is none. */
  refuse(issuer: string, error: unknown): void {
    if (!(error instanceof AuthError)) return;
    const { code } = error;
    const entry = this.#refused.get(`${code} ${issuer}`);
    if (entry) entry.count++;
    else this.#refused.set(`${code} ${issuer}`, { issuer, code, count: 1 });
  }

  refusals(): readonly RefusalCount[] {
    return [...this.#refused.values()].map((entry) => ({ ...entry }));
  }
}
