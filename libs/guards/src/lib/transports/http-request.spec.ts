import { Agent, createServer as createHttpServer, request } from 'node:http';
import { connect, createServer as createHttp2Server } from 'node:http2';
import { type AddressInfo, type Server } from 'node:net';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { connectionOf } from './http-request.js';

type Received = Parameters<typeof connectionOf>[0];

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function get(port: number, agent: Agent): Promise<void> {
  const sent = request({ host: '127.0.0.1', port, agent }).end();
  const [answer] = (await once(sent, 'response')) as [NodeJS.ReadableStream];
  answer.resume();
  await once(answer, 'end');
}

describe('the connection of a request', () => {
  it.each([
    ['the request itself', (received: object) => received],
    ["Node's request under the framework's", (received: object) => ({ raw: received })],
  ])('is one for the requests of a socket, read of %s', async (_name, wrap) => {
    const seen: unknown[] = [];
    const server = createHttpServer((received, response) => {
      seen.push(connectionOf(wrap(received) as Received));
      response.end();
    });
    const port = await listen(server);
    const [one, two] = [1, 2].map(() => new Agent({ keepAlive: true, maxSockets: 1 })) as [Agent, Agent];
    await get(port, one);
    await get(port, one);
    await get(port, two);
    one.destroy();
    two.destroy();
    server.close();
    expect(seen[0]).toBeDefined();
    expect(seen[1]).toBe(seen[0]);
    expect(seen[2]).not.toBe(seen[0]);
  });

  it('is one for the requests of an HTTP/2 session', async () => {
    const seen: unknown[] = [];
    const server = createHttp2Server((received, response) => {
      seen.push(connectionOf({ raw: received } as unknown as Received));
      response.end();
    });
    const port = await listen(server);
    const sessions = [1, 2].map(() => connect(`http://127.0.0.1:${port}`));
    const [first, second] = sessions as [(typeof sessions)[0], (typeof sessions)[0]];
    for (const session of [first, first, second]) {
      const stream = session.request();
      stream.resume().end();
      await once(stream, 'end');
    }
    for (const session of sessions) session.close();
    server.close();
    expect(seen[0]).toBeDefined();
    expect(seen[1]).toBe(seen[0]);
    expect(seen[2]).not.toBe(seen[0]);
  });
});
