import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { RedisTokenStore } from '../src/redis.js';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A server that answers every command, and more than was asked, with the same. */
async function startNonsense(answer: string): Promise<{ url: string; connections: () => number }> {
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((socket) => {
    connections++;
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', () => socket.write(answer.repeat(30)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return {
    url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`,
    connections: () => connections,
  };
}

describe('a Redis that answers what nobody asked', () => {
  it.each([
    ['nothing', '$-1\r\n', 2],
    ['an error', '-ERR no\r\n', 2],
    ['a number', ':7\r\n', 1],
    ['a list', '*2\r\n$1\r\na\r\n$-1\r\n', 1],
    ['no Redis at all', 'HTTP/1.1 400 Bad Request\r\n\r\n', 2],
  ])('%s: nothing is read, and the process lives', async (_what, answer, connectedTo) => {
    const { url, connections } = await startNonsense(answer);
    const store = new RedisTokenStore({
      url,
      keys: `a:${randomBytes(32).toString('base64')}`,
      prefix: 'nonsense:',
    });
    closing.push(() => store.close());
    await expect.poll(connections, { timeout: 20_000 }).toBeGreaterThanOrEqual(connectedTo);
    await expect(store.read('key')).rejects.toThrow();
  });
});
