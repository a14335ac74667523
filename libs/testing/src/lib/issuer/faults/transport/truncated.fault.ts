import { type TransportBehaviour } from './transport-behaviour.js';

/** Announces the whole right answer, sends half of it, and closes the connection. */
export interface TruncatedFault {
  kind: 'truncated';
}

export const truncated: TransportBehaviour<TruncatedFault> = {
  deliver: (_fault, response, { status, headers, body }) => {
    const bytes = Buffer.from(body);
    response.writeHead(status, { ...headers, 'content-length': String(bytes.length) });
    response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => response.destroy());
  },
};
