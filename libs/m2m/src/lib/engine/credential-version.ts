import { createHash } from 'node:crypto';
import { readSecret } from '../secrets/read-secret.js';
import type { ClientCredential } from './client-authentication.js';

/**
 * A fingerprint of a client's credential as it is now: another after a rotation, the same whichever of two secrets comes
 * first. It is kept where the token is kept, encrypted.
 *
 * @throws Error where a secret cannot be read; the message holds nothing of it
 */
export async function credentialVersion(credential: ClientCredential): Promise<string> {
  const { clientSecret, nextClientSecret, privateKey } = credential;
  const sources = [clientSecret, nextClientSecret, privateKey].filter((source) => source !== undefined);
  const secrets = await Promise.all(sources.map((source) => readSecret(source, 'the credential')));
  return createHash('sha256')
    .update(JSON.stringify([...new Set(secrets)].sort()))
    .digest('base64url');
}
