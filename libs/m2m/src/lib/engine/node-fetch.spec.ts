import { createServer, type RequestListener, type Server } from 'node:http';
import { Agent } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { boundedFetch } from './bounded-fetch.js';
import { nodeFetch } from './node-fetch.js';

let server: Server;

async function serve(listener: RequestListener): Promise<string> {
  server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const send = nodeFetch(new Agent());

const echo: RequestListener = (request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const { method, headers } = request;
    response.setHeader('set-cookie', ['a=1', 'b=2']);
    response.end(JSON.stringify({ method, headers, body: Buffer.concat(chunks).toString() }));
  });
};

describe('fetch on the https client of Node.js', () => {
  it('sends method, headers and body, and reads status, headers and body', async () => {
    const url = await serve(echo);
    const body = new URLSearchParams({ grant_type: 'client_credentials' });
    const response = await send(url, { method: 'POST', headers: { 'x-one': '1' }, body });
    expect(response.status).toBe(200);
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(await response.json()).toMatchObject({
      method: 'POST',
      body: 'grant_type=client_credentials',
      headers: { 'x-one': '1', 'content-length': '29' },
    });
  });

  it('sends a stream as it comes', async () => {
    const url = await serve(echo);
    const body = new Blob(['one ', 'two']).stream();
    const response = await send(url, { method: 'POST', body });
    expect(await response.json()).toMatchObject({
      body: 'one two',
      headers: { 'transfer-encoding': 'chunked' },
    });
  });

  it('hands a redirect on and does not follow it', async () => {
    const url = await serve((_, response) => response.writeHead(302, { location: '/x' }).end());
    expect((await send(url, {})).status).toBe(302);
  });

  it.each([204, 304])('an answer without a body has none: %i', async (status) => {
    const url = await serve((_, response) => response.writeHead(status).end());
    const response = await send(url, {});
    expect([response.status, response.body]).toEqual([status, null]);
  });

  it('rejects where the connection is closed without an answer', async () => {
    const url = await serve((request) => request.socket.destroy());
    await expect(send(url, {})).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  it('heeds its signal before the answer and while the body comes', async () => {
    const url = await serve((request, response) => {
      if (request.url === '/drip') response.writeHead(200).write('x');
    });
    const waiting = new AbortController();
    const answer = send(url, { signal: waiting.signal });
    waiting.abort();
    await expect(answer).rejects.toMatchObject({ name: 'AbortError' });
    const reading = new AbortController();
    const { body } = await send(`${url}drip`, { signal: reading.signal });
    const reader = (body as ReadableStream<Uint8Array>).getReader();
    await reader.read();
    const rest = reader.read();
    reading.abort();
    await expect(rest).rejects.toThrow();
  });

  it('is bounded like any other', async () => {
    const url = await serve((_, response) => response.end('x'.repeat(65_537)));
    const { signal } = new AbortController();
    await expect(boundedFetch(url, {}, signal, send)).rejects.toMatchObject({
      name: 'ResponseTooLargeError',
    });
  });
});
