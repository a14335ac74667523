import { createHash } from 'node:crypto';
import { inspect } from 'node:util';

/** How a token is made known to {@link AccessToken}. */
export interface AccessTokenInit {
  readonly value: string;
  /** The authentication scheme, `Bearer` (RFC 6750) or `DPoP` (RFC 9449). */
  readonly scheme: string;
  readonly audience: string;
  readonly scopes: readonly string[];
  /** When it ends, in milliseconds of the epoch. */
  readonly expiresAt: number;
}

/** The first 16 hexadecimal digits of a token's SHA-256, to tell tokens apart. */
export const fingerprintOf = (value: string): string =>
  createHash('sha256').update(value).digest('hex').slice(0, 16);

/**
 * An access token. Its text is in {@link value} alone: whatever prints, logs or serialises the object shows a
 * fingerprint instead.
 */
export class AccessToken {
  /** The authentication scheme to send it with. */
  readonly scheme: string;
  /** The audience it was asked for. */
  readonly audience: string;
  /** The scopes that were granted, sorted. */
  readonly scopes: readonly string[];
  /** When it ends, in milliseconds of the epoch. */
  readonly expiresAt: number;
  /** The first 16 hexadecimal digits of the token's SHA-256, to tell tokens apart. */
  readonly fingerprint: string;
  readonly #value: string;

  constructor({ value, scheme, audience, scopes, expiresAt }: AccessTokenInit) {
    this.#value = value;
    this.scheme = scheme;
    this.audience = audience;
    this.scopes = Object.freeze([...scopes].sort());
    this.expiresAt = expiresAt;
    this.fingerprint = fingerprintOf(value);
    Object.freeze(this);
  }

  /** The token itself. */
  get value(): string {
    return this.#value;
  }

  /** The `Authorization` header that carries it (RFC 6750 §2.1). */
  get authorization(): string {
    return `${this.scheme} ${this.#value}`;
  }

  /** What may be shown of it. */
  toJSON(): Record<string, unknown> {
    const { scheme, audience, scopes, expiresAt, fingerprint } = this;
    return { scheme, audience, scopes, expiresAt: new Date(expiresAt).toISOString(), fingerprint };
  }

  /** The fingerprint, never the token. */
  toString(): string {
    return `AccessToken(${this.fingerprint})`;
  }

  [inspect.custom](): string {
    return `AccessToken ${inspect(this.toJSON())}`;
  }
}
