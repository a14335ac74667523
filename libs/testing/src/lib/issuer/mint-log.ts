import { AssertionError } from 'node:assert';

/** A token that was handed out over HTTP. */
export interface MintedToken {
  readonly clientId: string;
  readonly audience: string;
  readonly scopes: readonly string[];
  /** `cnf.jkt` of a token that is bound to a DPoP key (RFC 9449, section 6). */
  readonly jkt?: string;
  /** `cnf.x5t#S256` of a token that is bound to a client certificate (RFC 8705, section 3.1). */
  readonly certificateThumbprint?: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** Which tokens {@link MintLog.expect} counts: those that agree with every member given. */
export type MintFilter = Partial<Pick<MintedToken, 'clientId' | 'audience'>>;

/** The tokens that were handed out, oldest first. */
export class MintLog {
  readonly #tokens: MintedToken[] = [];

  get tokens(): readonly MintedToken[] {
    return [...this.#tokens];
  }

  add(token: MintedToken): void {
    this.#tokens.push(token);
  }

  clear(): void {
    this.#tokens.length = 0;
  }

  /** @throws AssertionError that lists who was given what */
  expect(expected: number, { clientId, audience }: MintFilter): void {
    const actual = this.#tokens.filter(
      (token) =>
        (clientId === undefined || token.clientId === clientId) &&
        (audience === undefined || token.audience === audience),
    ).length;
    if (actual === expected) return;
    const of = [clientId && ` for ${clientId}`, audience && ` on ${audience}`].filter(Boolean).join('');
    throw new AssertionError({
      message: `Expected ${expected} minted tokens${of}, counted ${actual}. Minted in all:\n${this.#list()}`,
      actual,
      expected,
      operator: 'expectMints',
    });
  }

  #list(): string {
    const lines = this.#tokens.map(
      (token) => `  ${token.clientId} → ${token.audience} [${token.scopes.join(' ')}]`,
    );
    return lines.join('\n') || '  none';
  }
}
