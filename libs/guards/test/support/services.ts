import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A server that a spec talks to: one that runs already, or one that the spec started and stops. */
export interface Service {
  readonly port: number;
  stop(): Promise<void>;
}

/** Redis at its usual port, else one that is started for the spec; `undefined` where the machine has none. */
export function startRedis(): Promise<Service | undefined> {
  return startService('redis-server', 6379, (port, folder) => [
    '--port',
    `${port}`,
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--appendonly',
    'no',
    '--dir',
    folder,
  ]);
}

/** NATS at its usual port, else one that is started for the spec; `undefined` where the machine has none. */
export function startNats(): Promise<Service | undefined> {
  return startService('nats-server', 4222, (port) => ['-a', '127.0.0.1', '-p', `${port}`]);
}

/** A port of 127.0.0.1 that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function startService(
  command: string,
  usualPort: number,
  args: (port: number, folder: string) => string[],
): Promise<Service | undefined> {
  if (await answers(usualPort)) return { port: usualPort, stop: async () => undefined };
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), `${command}-`));
  const child = spawn(command, args(port, folder), { stdio: 'ignore' });
  const started = await Promise.race([failed(child), listening(port)]);
  if (started) return { port, stop: () => stop(child, folder) };
  await stop(child, folder);
  if (process.env['REQUIRE_SERVICES'] === '1') throw new Error(`${command} is required, and is not there.`);
  console.warn(`Skipped: no ${command} on port ${usualPort}, and none on the PATH.`);
  return undefined;
}

function failed(child: ChildProcess): Promise<false> {
  return new Promise((resolve) =>
    child.once('error', () => resolve(false)).once('exit', () => resolve(false)),
  );
}

async function listening(port: number): Promise<boolean> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    if (await answers(port)) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const done = (open: boolean): void => {
      socket.destroy();
      resolve(open);
    };
    socket
      .once('connect', () => done(true))
      .once('error', () => done(false))
      .setTimeout(1_000, () => done(false));
  });
}

async function stop(child: ChildProcess, folder: string): Promise<void> {
  if (child.pid !== undefined && child.exitCode === null) {
    const exited = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await exited;
  }
  await rm(folder, { recursive: true, force: true });
}
