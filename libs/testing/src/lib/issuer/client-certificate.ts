import { type IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import { certificateThumbprint } from '../keys/certificate-thumbprint.js';

/** The thumbprint of the client certificate of a request's connection; `undefined` where there is none. */
export function presentedCertificate(request: IncomingMessage): string | undefined {
  if (!(request.socket instanceof TLSSocket)) return undefined;
  const { raw } = request.socket.getPeerCertificate() as { raw?: Buffer };
  return raw && certificateThumbprint(raw);
}
