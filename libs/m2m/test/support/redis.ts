import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { freePort } from '@countersign/testing';

/** A Redis to test against. */
export interface TestRedis {
  readonly port: number;
  readonly url: string;
  /** For this test alone: what its names begin with. */
  readonly prefix: string;
  /** A client of the test's own, past whatever is in between. */
  readonly client: Redis;
  /** Takes away everything that the test left. */
  clear(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * The Redis at the usual local port, else one of the machine's own that is started for the test.
 *
 * @returns `undefined`, after a line that says so, where there is neither
 * @throws Error instead, where `REQUIRE_SERVICES` is 1
 */
export async function testRedis(): Promise<TestRedis | undefined> {
  if (await answers(6379)) return open(6379);
  const port = await freePort();
  const server = spawn('redis-server', ['--port', `${port}`, '--bind', '127.0.0.1', '--save', ''], {
    stdio: 'ignore',
  });
  const failed = once(server, 'exit').then(
    () => false,
    () => false,
  );
  if (await Promise.race([failed, answersWithin(port, 10_000)])) return open(port, server);
  server.kill();
  if (process.env['REQUIRE_SERVICES'] === '1') throw new Error('Redis is required and there is none.');
  console.warn('Skipped: no Redis at 127.0.0.1:6379 and no redis-server on this machine.');
  return undefined;
}

function open(port: number, server?: ChildProcess): TestRedis {
  const client = new Redis({ host: '127.0.0.1', port });
  const prefix = `countersign-test:${randomBytes(6).toString('hex')}:`;
  const clear = async () => {
    const names = await client.keys(`${prefix}*`);
    if (names.length > 0) await client.del(...names);
  };
  const stop = async () => {
    await clear();
    client.disconnect();
    if (server === undefined) return;
    const ended = once(server, 'exit');
    server.kill();
    await ended;
  };
  return { port, url: `redis://127.0.0.1:${port}`, prefix, client, clear, stop };
}

async function answersWithin(port: number, milliseconds: number): Promise<boolean> {
  for (const end = Date.now() + milliseconds; Date.now() < end; await sleep(50))
    if (await answers(port)) return true;
  return false;
}

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
