import { type IncomingMessage } from 'node:http';
import { presentedCertificate } from './client-certificate.js';
import { type RegisteredClient } from './client-registry.js';
import { type DpopProof, type DpopProofs } from './dpop-proof.js';
import { oauthError, type Answer } from './http-exchange.js';

/** Whom a token is bound to (RFC 7800): nobody, a DPoP key, a certificate, or both. */
export interface SenderBinding {
  readonly jkt?: string;
  readonly certificateThumbprint?: string;
}

/** The `cnf` claim of a binding; `undefined` for a token that is bound to nobody. */
export function confirmation({
  jkt,
  certificateThumbprint,
}: SenderBinding): Record<string, string> | undefined {
  if (jkt === undefined && certificateThumbprint === undefined) return undefined;
  return {
    ...(jkt !== undefined && { jkt }),
    ...(certificateThumbprint !== undefined && { 'x5t#S256': certificateThumbprint }),
  };
}

/**
 * Binds the token of a request to the key that its DPoP proof shows (RFC 9449, section 5) and to the certificate of its
 * connection (RFC 8705, section 3).
 *
 * @param refuseProof a word of the fault on a proof that holds
 * @returns the binding, or the refusal
 */
export async function bindSender(
  request: IncomingMessage,
  client: RegisteredClient,
  proofs: DpopProofs,
  url: string,
  refuseProof: (proof: DpopProof) => Answer | undefined,
): Promise<SenderBinding | Answer> {
  const headers = request.headersDistinct['dpop'] ?? [];
  const certificate = presentedCertificate(request) ?? client.certificateThumbprint;
  const bound = certificate === undefined ? {} : { certificateThumbprint: certificate };
  if (headers.length === 0)
    return client.requiresDpop ? oauthError(400, 'invalid_dpop_proof', 'A DPoP proof is required.') : bound;

  const [header = ''] = headers;
  const proof = headers.length === 1 ? await proofs.verify(header, url) : undefined;
  if (!proof) return oauthError(400, 'invalid_dpop_proof', 'The DPoP proof does not hold.');
  return refuseProof(proof) ?? { ...bound, jkt: proof.thumbprint };
}
