import { AuthError } from '../errors/auth-error.js';
import type { AuthErrorCode } from '../errors/refusals.js';

/** How often tokens of one issuer were refused for one reason. */
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
  /** How often calls were refused, by issuer and code: by the verifier, and by the guards after it. */
  readonly refused: readonly RefusalCount[];
  /** How often calls would have been refused and were not, because the rule is report-only; by issuer and code. */
  readonly reported: readonly RefusalCount[];
  /** How many tokens are recognised at the moment. */
  readonly recognisable: number;
}

/** Counts what a verifier does. Plain numbers, so that counting costs the hot path nothing. */
export class Tally {
  recognised = 0;
  verified = 0;
  readonly #refused = new Counts();
  readonly #reported = new Counts();

  /** Counts a refusal; anything but an {@link AuthError} is none. */
  refuse(issuer: string, error: unknown): void {
    if (error instanceof AuthError) this.#refused.add(issuer, error.code);
  }

  /** Counts what would have been a refusal. */
  report(issuer: string, error: unknown): void {
    if (error instanceof AuthError) this.#reported.add(issuer, error.code);
  }

  refusals(): readonly RefusalCount[] {
    return this.#refused.all();
  }

  reports(): readonly RefusalCount[] {
    return this.#reported.all();
  }
}

class Counts {
  readonly #counts = new Map<string, { issuer: string; code: AuthErrorCode; count: number }>();

  add(issuer: string, code: AuthErrorCode): void {
    const entry = this.#counts.get(`${code} ${issuer}`);
    if (entry) entry.count++;
    else this.#counts.set(`${code} ${issuer}`, { issuer, code, count: 1 });
  }

  all(): readonly RefusalCount[] {
    return [...this.#counts.values()].map((entry) => ({ ...entry }));
  }
}
