/** The signature algorithms that an access token may carry: asymmetric ones only (RFC 7518 §3.1, RFC 8037 §3.1). */
export const signatureAlgorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
] as const;

/** One of {@link signatureAlgorithms}. */
export type SignatureAlgorithm = (typeof signatureAlgorithms)[number];

/** True for an algorithm that this package can verify. */
export function isSignatureAlgorithm(value: unknown): value is SignatureAlgorithm {
  return (signatureAlgorithms as readonly unknown[]).includes(value);
}
