import type { SignatureAlgorithm } from './algorithms.js';
import type { SigningKey } from './signing-key.js';

/** What a key set has for a token's header. */
export type KeySelection =
  | { readonly found: readonly SigningKey[] }
  /** Nothing of that `kid`: the issuer may have a newer set. */
  | { readonly missing: 'unknown' }
  /** A key of that `kid`, but not for that algorithm. */
  | { readonly missing: 'unfit' }
  /** No `kid` in the header, and more than one key that would fit. */
  | { readonly missing: 'ambiguous' };

/**
 * The keys that fit a token's header (RFC 7515 §4.1.4, RFC 7517 §4.5): all those of its `kid` that are for its
 * algorithm or, for a header without `kid`, the only one that is for its algorithm.
 */
export function selectKeys(
  keys: readonly SigningKey[],
  kid: string | undefined,
  alg: SignatureAlgorithm,
): KeySelection {
  const named = kid === undefined ? keys : keys.filter((key) => key.kid === kid);
  const found = named.filter((key) => key.algorithms.includes(alg));
  if (found.length === 0) return { missing: kid !== undefined && named.length > 0 ? 'unfit' : 'unknown' };
  if (kid === undefined && found.length > 1) return { missing: 'ambiguous' };
  return { found };
}
