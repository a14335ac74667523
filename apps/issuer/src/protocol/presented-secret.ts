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
 * @returns `undefined` where the request proves something else, or the same twice, or is not well-formed: those are the
 *   protocol engine's to answer
 */
export function presentedSecret(
  { headers: { authorization, dpop } }: IncomingMessage,
  parameters: TokenParameters,
): PresentedSecret | undefined {
  const { grant_type, client_id: clientId, client_secret: secret } = parameters;
  if (grant_type !== 'client_credentials' || dpop !== undefined) return undefined;
  if (parameters.client_assertion !== undefined || parameters.client_assertion_type !== undefined)
    return undefined;
  if (authorization === undefined)
    return clientId !== undefined && secret !== undefined ? { clientId, secret } : undefined;
  const basic = secret === undefined ? basicCredentials(authorization) : undefined;
  return clientId === undefined || clientId === basic?.clientId ? basic : undefined;
}

function basicCredentials(authorization: string): PresentedSecret | undefined {
  const [, encoded = ''] = /^basic ([\w+/]+={0,2})$/i.exec(authorization) ?? [];
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
