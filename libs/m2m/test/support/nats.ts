import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '@countersign/testing';

/** A NATS server to test against. */
export interface TestNats {
  readonly port: number;
  stop(): Promise<void>;
}

/**
 * The NATS server at the usual local port, else one of the machine's own that is started for the test.
 *
 * @returns `undefined`, after a line that says so, where there is neither
 * @throws Error instead, where `REQUIRE_SERVICES` is 1
 */
export async function testNats(): Promise<TestNats | undefined> {
  if (await answers(4222)) return { port: 4222, stop: async () => undefined };
  const port = await freePort();
  const server = spawn('nats-server', ['-a', '127.0.0.1', '-p', `${port}`], { stdio: 'ignore' });
  const failed = once(server, 'exit').then(
    () => false,
    () => false,
  );
  if (await Promise.race([failed, answersSoon(port)])) return { port, stop: () => stop(server) };
  server.kill();
  if (process.env['REQUIRE_SERVICES'] === '1') throw new Error('NATS is required and there is none.');
  console.warn('Skipped: no NATS at port 4222, and no nats-server on the PATH.');
  return undefined;
}

async function stop(server: ChildProcess): Promise<void> {
  const ended = once(server, 'exit');
  server.kill();
  await ended;
}

async function answersSoon(port: number): Promise<boolean> {
  for (let attempt = 0; attempt < 200; attempt++) {
    if (await answers(port)) return true;
    await sleep(50);
  }
  return false;
}

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const done = (open: boolean) => {
      socket.destroy();
      resolve(open);
    };
    socket.once('connect', () => done(true)).once('error', () => done(false));
  });
