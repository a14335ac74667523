import type { IncomingMessage } from 'node:http';
import type { TokenParameters } from './token-parameters.js';

/** A client, as it names itself, and the secret that is to prove it. */
export interface PresentedSecret {
  readonly clientId: string;
  readonly secret: string;
}

/**
 * The secret by which a client-credentials request proves who it is, in its body or as HTTP Basic (RFC 6749 §2.3.1).
 *
 * @returns `undefined` where the request proves something else, or the same twice, or is not well-formed, or comes from
 *   a page: those are the protocol engine's to answer
 */
export function presentedSecret(
  { headers: { authorization, dpop, origin } }: IncomingMessage,
  parameters: TokenParameters,
): PresentedSecret | undefined {
  const { grant_type, client_id: clientId, client_secret: secret } = parameters;
  if (grant_type !== 'client_credentials' || dpop !== undefined || origin !== undefined) return undefined;
  if (parameters.client_assertion !== undefined || parameters.client_assertion_type !== undefined)
    return undefined;
  if (authorization === undefined)
    return clientId !== undefined && secret !== undefined ? { clientId, secret } : undefined;
  const basic = secret === undefined ? basicCredentials(authorization) : undefined;
  return clientId === undefined || clientId === basic?.clientId ? basic : undefined;
}

/** The client that a request names, in its body or as HTTP Basic, whether it proves it or not. */
export function claimedClient(
  { headers: { authorization = '' } }: IncomingMessage,
  { client_id }: TokenParameters,
): string | undefined {
  if (client_id !== undefined) return client_id;
  const [user = ''] = Buffer.from(basicValue(authorization), 'base64').toString().split(':', 1);
  return formDecoded(user);
}

function basicValue(authorization: string): string {
  return /^basic ([\w+/]+={0,2})$/i.exec(authorization)?.[1] ?? '';
}

function basicCredentials(authorization: string): PresentedSecret | undefined {
  const encoded = basicValue(authorization);
  const bytes = Buffer.from(encoded, 'base64');
  const [, user, password] = /^([^:]+):(.+)$/s.exec(bytes.toString()) ?? [];
  if (user === undefined || password === undefined || bytes.toString('base64') !== encoded) return undefined;
  const [clientId, secret] = [formDecoded(user), formDecoded(password)];
  return clientId !== undefined && secret !== undefined ? { clientId, secret } : undefined;
}

/** Text in the encoding of forms, of the characters that RFC 6749 appendix A allows in ids and secrets. */
function formDecoded(text: string): string | undefined {
  try {
    const decoded = decodeURIComponent(text.replaceAll('+', '%20'));
    return /^[\x20-\x7e]+$/.test(decoded) ? decoded : undefined;
  } catch {
    return undefined;
  }
}
