import { createPublicKey, X509Certificate, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { randomId, timestamp } from '../store/identifiers.js';
import type { ClientCredentialTable } from '../store/schema.js';
import { ManagementError } from './management.error.js';

/** A new credential: a public key for `private_key_jwt`, or a certificate for `self_signed_tls_client_auth`. */
export const credentialInput = z.object({
  credential_type: z.enum(['public_key', 'x509_cert']),
  name: z.string().max(128).default(''),
  pem: z.string().min(1).max(16_384),
  alg: z.enum(['RS256', 'RS384', 'PS256']).default('RS256'),
  parse_expiry_from_cert: z.boolean().default(false),
  expires_at: z.iso.datetime().optional(),
});

/** A parsed {@link credentialInput}. */
export type CredentialInput = z.infer<typeof credentialInput>;

/**
 * The row of a new credential.
 *
 * @throws {@link ManagementError} 400 `invalid_body`
 */
export async function toCredential(clientId: string, input: CredentialInput): Promise<ClientCredentialTable> {
  const { calculateJwkThumbprint, exportJWK } = await import('jose');
  const certificate = readCertificate(input.pem);
  if (input.credential_type === 'x509_cert' && !certificate) throw unreadable('a certificate');
  const key = certificate?.publicKey ?? readPublicKey(input.pem);
  const jwk = await exportJWK(key);
  if (input.credential_type === 'public_key' && (key.asymmetricKeyDetails?.modulusLength ?? 0) < 2_048)
    throw unreadable('an RSA public key of at least 2,048 bits');
  const chain = input.credential_type === 'x509_cert' && { x5c: [certificate!.raw.toString('base64')] };
  const expiry =
    input.expires_at ?? (input.parse_expiry_from_cert && certificate ? certificate.validTo : undefined);
  return {
    id: `cred_${randomId(22)}`,
    type: input.credential_type,
    client_id: clientId,
    name: input.name,
    kid: await calculateJwkThumbprint(jwk),
    alg: input.credential_type === 'x509_cert' && jwk.kty !== 'RSA' ? 'ES256' : input.alg,
    jwk: JSON.stringify({ ...jwk, ...chain }),
    created_at: timestamp(),
    expires_at: expiry === undefined ? null : Math.floor(Date.parse(expiry) / 1000),
  };
}

/** A credential as the management API shows it. */
export const credentialView = ({
  id,
  type,
  name,
  kid,
  alg,
  created_at,
  expires_at,
}: ClientCredentialTable) => ({
  id,
  credential_type: type,
  name,
  kid,
  ...(type === 'public_key' && { alg }),
  created_at,
  updated_at: created_at,
  ...(expires_at !== null && { expires_at: new Date(expires_at * 1_000).toISOString() }),
});

function readCertificate(pem: string): X509Certificate | undefined {
  if (!pem.includes('BEGIN CERTIFICATE')) return undefined;
  try {
    return new X509Certificate(pem);
  } catch {
    throw unreadable('a certificate');
  }
}

function readPublicKey(pem: string): KeyObject {
  try {
    if (pem.includes('PRIVATE')) throw new Error('a private key');
    return createPublicKey(pem);
  } catch {
    throw unreadable('a public key');
  }
}

const unreadable = (what: string) => new ManagementError(400, 'invalid_body', `pem must be ${what} in PEM`);
