import { type TransportBehaviour } from './transport-behaviour.js';

/** Sends the right answer one byte at a time. */
export interface DripFault {
  kind: 'drip';
  /** Milliseconds between two bytes. Default 50. */
  intervalMs?: number;
}

export const drip: TransportBehaviour<DripFault> = {
  deliver: ({ intervalMs = 50 }, response, { status, headers, body }) => {
    const bytes = Buffer.from(body);
    response.writeHead(status, { ...headers, 'content-length': String(bytes.length) });
    let sent = 0;
    const timer = setInterval(() => {
      response.write(bytes.subarray(sent, ++sent));
      if (sent < bytes.length) return;
      clearInterval(timer);
      response.end();
    }, intervalMs);
    response.once('close', () => clearInterval(timer));
  },
};
