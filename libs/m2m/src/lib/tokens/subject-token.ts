import { createHash } from 'node:crypto';
import { inspect } from 'node:util';

/**
 * The access token of the caller on whose behalf a token is asked for (RFC 8693 §2.1). Its text is in {@link value}
 * alone: whatever prints, logs or serialises the object shows a fingerprint instead.
 */
export class SubjectToken {
  /** The SHA-256 of the token, hexadecimal, to tell subjects apart. */
  readonly fingerprint: string;
  readonly #value: string;

  /** @param value the token as it was received, without its scheme */
  constructor(value: string) {
    this.#value = value;
    this.fingerprint = createHash('sha256').update(value).digest('hex');
    Object.freeze(this);
  }

  /** The token itself. */
  get value(): string {
    return this.#value;
  }

  /** What may be shown of it. */
  toJSON(): { readonly fingerprint: string } {
    return { fingerprint: this.fingerprint };
  }

  /** The fingerprint, never the token. */
  toString(): string {
    return `SubjectToken(${this.fingerprint})`;
  }

  [inspect.custom](): string {
    return this.toString();
  }
}
