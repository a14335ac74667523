import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';

/** A Redis to test against, and how to leave it. */
export interface TestRedis {
  readonly client: Redis;
  stop(): Promise<void>;
}

/**
 * The server at the usual local port, else one of this machine's own that is started for the test.
 *
 * @returns `undefined`, after a line that says so, where there is neither
 * @throws Error instead, where `REQUIRE_SERVICES` is 1
 */
export async function testRedis(): Promise<TestRedis | undefined> {
  const running = await connect(6379);
  if (running) return { client: running, stop: async () => void (await running.quit()) };
  if (spawnSync('redis-server', ['--version']).status === 0) {
    const port = await freePort();
    const server = spawn('redis-server', ['--port', `${port}`, '--bind', '127.0.0.1', '--save', ''], {
      stdio: 'ignore',
    });
    const started = await connectWithin(port, 5_000);
    if (started) return { client: started, stop: () => stopServer(started, server) };
    server.kill();
  }
  if (process.env['REQUIRE_SERVICES'] === '1') throw new Error('Redis is required and there is none.');
  console.warn('Skipped: no Redis at 127.0.0.1:6379 and no redis-server on this machine.');
  return undefined;
}

async function connect(port: number): Promise<Redis | undefined> {
  const client = new Redis({ host: '127.0.0.1', port, lazyConnect: true, retryStrategy: () => null });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return client;
  } catch {
    client.disconnect();
    return undefined;
  }
}

async function connectWithin(port: number, milliseconds: number): Promise<Redis | undefined> {
  for (const end = Date.now() + milliseconds; Date.now() < end; await sleep(50)) {
    const client = await connect(port);
    if (client) return client;
  }
  return undefined;
}

async function stopServer(client: Redis, server: ChildProcess): Promise<void> {
  client.disconnect();
  const ended = new Promise((resolve) => server.once('exit', resolve));
  server.kill();
  await ended;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}
