import type { Agent } from 'node:https';
import { M2mError } from '../errors/m2m-error.js';
import type { SenderBinding } from '../sender/sender-binding.js';
import type { AccessToken } from '../tokens/access-token.js';
import type { Connection } from './connection.js';

/** What one request carries to be let in. */
export interface Credentials {
  /** The `Authorization` header. */
  readonly authorization: string;
  /** The `DPoP` header, where the token is bound to a key. */
  readonly dpop?: string;
  /** Opens connections that present the client certificate, where there is one. */
  readonly agent?: Agent;
}

/**
 * The credentials of one request: the token, and what proves that it is this client's own.
 *
 * @throws M2mError `client_rejected` where there is no certificate to present
 */
export async function credentialsOf(
  token: AccessToken,
  { dpop, certificate }: SenderBinding,
  method: string,
  url: URL,
  { name, request: { audience } }: Connection,
): Promise<Credentials> {
  const { authorization } = token;
  if (!dpop && !certificate) return { authorization };
  try {
    return {
      authorization,
      ...(dpop && { dpop: dpop.proof(method, url, token.value) }),
      ...(certificate && { agent: (await certificate.current()).agent }),
    };
  } catch (error) {
    const reason = (error as Error).message;
    throw new M2mError('client_rejected', `A call to ${name} was not sent, because ${reason}.`, { audience });
  }
}
