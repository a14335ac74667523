import { compactJws } from './compact-jws.js';
import { dialectParts, type Dialect } from './dialect.js';
import { type SigningAlgorithm, type SigningKey } from '../keys/signing-key.js';

/**
 * What to put into a token. Nothing given: a valid token. Every member can be set to what an attacker would send;
 * a header parameter or claim given as `undefined` is left out.
 */
export interface MintOptions {
  /** `aud`. Default: the issuer's first API. */
  audience?: string | readonly string[];
  /** Scopes, in the claim that the dialect uses. Default: all of that API's. */
  scopes?: readonly string[];
  /** The client that the token is for. Default: the issuer's first client. */
  clientId?: string;
  /** Default: the issuer's dialect. */
  dialect?: Dialect;
  /** Header parameters to add, replace or (with `undefined`) remove. */
  header?: Record<string, unknown>;
  /** Claims to add, replace or (with `undefined`) remove. */
  claims?: Record<string, unknown>;
  /** Seconds from now to `exp`; may be negative. Default: the API's token lifetime. */
  expiresIn?: number;
  /** Seconds from now to `iat`. Default 0. */
  issuedIn?: number;
  /** Which of the issuer's current keys signs. Default: the first. */
  alg?: SigningAlgorithm;
  /** The `kid` to name in the header, whichever key signs. Default: that key's own. */
  kid?: string;
  /** A key of the caller's own, instead of the issuer's. */
  key?: SigningKey;
}

/** The two JSON objects of a token that is to be signed. */
export interface TokenParts {
  readonly header: Record<string, unknown>;
  readonly claims: Record<string, unknown>;
}

interface Grounds {
  readonly issuer: string;
  readonly audience: string | readonly string[];
  readonly scopes: readonly string[];
  readonly clientId: string;
  readonly dialect: Dialect;
  readonly lifetime: number;
  readonly key: SigningKey;
  readonly now: number;
}

/** Header and claims as the options ask for them. */
export function tokenParts(grounds: Grounds, options: MintOptions): TokenParts {
  const parts = dialectParts(grounds.dialect, grounds);
  const issuedAt = grounds.now + (options.issuedIn ?? 0);
  return {
    header: { alg: grounds.key.alg, kid: options.kid ?? grounds.key.kid, ...parts.header, ...options.header },
    claims: {
      iss: grounds.issuer,
      iat: issuedAt,
      exp: grounds.now + (options.expiresIn ?? grounds.lifetime),
      ...parts.claims,
      ...options.claims,
    },
  };
}

/** Signs the parts as they are. */
export function signParts({ header, claims }: TokenParts, key: SigningKey): string {
  return compactJws(JSON.stringify(header), JSON.stringify(claims), key.alg, key.privateKey);
}
