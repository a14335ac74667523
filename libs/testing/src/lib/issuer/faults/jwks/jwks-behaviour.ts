/** The keys that are published in place of the issuer's own. */
export type JwksBehaviour<F> = (fault: F) => readonly object[];
