import { type IncomingMessage } from 'node:http';

const bodyLimit = 256 * 1024;

/**
 * Reads a request body as text.
 *
 * @throws RangeError when it has more than 256 KiB
 */
export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > bodyLimit) throw new RangeError('The request body is larger than 256 KiB.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
