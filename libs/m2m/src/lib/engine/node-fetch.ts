import * as http from 'node:http';
import * as https from 'node:https';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Send } from './bounded-fetch.js';

const bodiless = new Set([204, 205, 304]);

/**
 * A `fetch` on Node's own https client, for connections that present a client certificate. No redirect is followed; an
 * answer is handed on as it came, not decompressed, and none is asked to be compressed.
 *
 * @param agent opens the connections; it is used for https alone
 */
export const nodeFetch =
  (agent: https.Agent): Send =>
  async (url, init) => {
    const { signal, ...rest } = init;
    const request = new Request(url, {
      ...rest,
      ...(rest.body instanceof ReadableStream && { duplex: 'half' }),
    });
    const streamed = rest.body instanceof ReadableStream ? request.body : undefined;
    const bytes = streamed ? undefined : Buffer.from(await request.arrayBuffer());
    const options: http.RequestOptions = {
      method: request.method,
      headers: {
        ...Object.fromEntries(request.headers),
        ...(bytes && bytes.length > 0 && { 'content-length': bytes.length }),
      },
      ...(signal && { signal }),
    };
    const outgoing =
      new URL(url).protocol === 'https:'
        ? https.request(url, { ...options, agent })
        : http.request(url, options);
    const answered = answerOf(outgoing);
    if (streamed) void pipeline(Readable.fromWeb(streamed), outgoing).catch(() => undefined);
    else outgoing.end(bytes);
    return responseOf(await answered);
  };

function answerOf(outgoing: http.ClientRequest): Promise<http.IncomingMessage> {
  return new Promise((resolve, reject) => {
    outgoing.once('response', resolve);
    outgoing.on('error', reject);
    outgoing.once('close', () => reject(new Error('the connection was closed without an answer')));
  });
}

function responseOf(message: http.IncomingMessage): Response {
  const { statusCode: status = 0, statusMessage: statusText = '', rawHeaders } = message;
  try {
    const headers = new Headers();
    for (let index = 0; index < rawHeaders.length; index += 2)
      headers.append(rawHeaders[index] as string, rawHeaders[index + 1] as string);
    const body = bodiless.has(status) ? null : Readable.toWeb(message);
    if (body === null) message.resume();
    return new Response(body, { status, statusText, headers });
  } catch (error) {
    message.destroy();
    throw error;
  }
}
