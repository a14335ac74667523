import { createHash, createPrivateKey, X509Certificate } from 'node:crypto';
import { Agent } from 'node:https';

/** What a certificate is made of, in PEM. */
export interface TlsMaterial {
  readonly certificate: string;
  readonly key: string;
  readonly ca: string | undefined;
}

/** One certificate with its key, and the connections that present it. */
export interface TlsIdentity {
  /** The SHA-256 thumbprint of the certificate: `x5t#S256` of the tokens that are bound to it (RFC 8705 §3.1). */
  readonly thumbprint: string;
  /** Opens connections that present it, and keeps them. */
  readonly agent: Agent;
}

/**
 * Makes an identity of a certificate and its key.
 *
 * @throws Error whose message says what is wrong, never what is in the key
 */
export function tlsIdentity({ certificate, key, ca }: TlsMaterial): TlsIdentity {
  const leaf = leafOf(certificate);
  if (!leaf.checkPrivateKey(keyOf(key))) throw new Error('the key is not that of the client certificate');
  return {
    thumbprint: createHash('sha256').update(leaf.raw).digest('base64url'),
    agent: new Agent({ keepAlive: true, cert: certificate, key, ...(ca !== undefined && { ca }) }),
  };
}

/** Lets go of the connections of an identity: the idle ones now, the others when their call has ended. */
export function retire({ agent }: TlsIdentity): void {
  Object.assign(agent, { keepAlive: false });
  for (const socket of Object.values(agent.freeSockets).flat()) socket?.destroy();
}

function leafOf(pem: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch {
    throw new Error('the client certificate is no PEM certificate');
  }
}

function keyOf(pem: string) {
  try {
    return createPrivateKey(pem);
  } catch {
    throw new Error('the key of the client certificate is no PEM of an unencrypted private key');
  }
}
