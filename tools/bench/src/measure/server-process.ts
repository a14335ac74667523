import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type ChildMessage, type Usage } from './child-protocol.js';
import { onCore } from './cores.js';

const readyWithinMs = 30_000;
const answerWithinMs = 10_000;

/** A server under load: a child process on a core of its own. */
export class ServerProcess implements AsyncDisposable {
  private constructor(
    private readonly child: ChildProcess,
    readonly port: number,
  ) {}

  /**
   * A server of the bench's own.
   *
   * @param entry the compiled server, relative to the `dist` folder
   * @param config handed over as JSON in `BENCH_CONFIG`
   */
  static start(entry: string, config: unknown): Promise<ServerProcess> {
    return ServerProcess.#spawn([fileURLToPath(new URL(`../${entry}`, import.meta.url))], {
      NODE_ENV: 'production',
      BENCH_CONFIG: JSON.stringify(config),
    });
  }

  /**
   * A built service, ready to answer. A module that is loaded before it tells the bench what it uses.
   *
   * @param main the compiled entry of the service
   * @param port where it is to listen
   * @param env its environment
   * @param imports further modules to load before it, relative to the `dist` folder
   */
  static async startService(
    main: URL,
    port: number,
    env: Readonly<Record<string, string>>,
    imports: readonly string[] = [],
  ): Promise<ServerProcess> {
    const preloaded = ['servers/report-usage.js', ...imports].flatMap((file) => [
      '--import',
      new URL(`../${file}`, import.meta.url).href,
    ]);
    const service = await ServerProcess.#spawn([...preloaded, fileURLToPath(main)], {
      HOST: '127.0.0.1',
      LOG_LEVEL: 'warn',
      ...env,
      PORT: String(port),
    });
    try {
      await untilReady(`http://127.0.0.1:${port}/health/ready`);
      return service;
    } catch (error) {
      await service[Symbol.asyncDispose]();
      throw error;
    }
  }

  static async #spawn(
    nodeArgs: readonly string[],
    env: Readonly<Record<string, string>>,
  ): Promise<ServerProcess> {
    const [command, args] = onCore('server', process.execPath, ['--expose-gc', ...nodeArgs]);
    const child = spawn(command, args, {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    try {
      const message = await next(child, readyWithinMs);
      if (message.kind !== 'ready') throw new Error(`${nodeArgs.at(-1)} did not say that it is ready.`);
      return new ServerProcess(child, message.port);
    } catch (error) {
      child.kill('SIGKILL');
      throw error;
    }
  }

  /** @param collect whether the server collects its garbage first */
  async usage(collect = false): Promise<Usage> {
    const answer = next(this.child, answerWithinMs);
    this.child.send(collect ? 'usage after collection' : 'usage');
    const message = await answer;
    if (message.kind !== 'usage') throw new Error('The server did not tell its usage.');
    return message.usage;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    if (this.child.connected) this.child.disconnect();
    const timer = setTimeout(() => this.child.kill('SIGKILL'), 3_000);
    await ended;
    clearTimeout(timer);
  }
}

/** Asks every few milliseconds, so that what is left to wait is no longer than that. */
async function untilReady(url: string): Promise<void> {
  const until = Date.now() + readyWithinMs;
  while (Date.now() < until) {
    const response = await fetch(url).catch(() => undefined);
    await response?.body?.cancel();
    if (response?.ok) return;
    await delay(5);
  }
  throw new Error(`${url} was not ready within ${readyWithinMs / 1000} s.`);
}

function next(child: ChildProcess, withinMs: number): Promise<ChildMessage> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void): void => {
      clearTimeout(timer);
      child.off('message', onMessage);
      child.off('exit', onExit);
      child.off('error', onError);
      act();
    };
    const onMessage = (message: ChildMessage): void => settle(() => resolve(message));
    const onExit = (): void => settle(() => reject(new Error('The server under load ended.')));
    const onError = (error: Error): void => settle(() => reject(error));
    const timer = setTimeout(
      () => settle(() => reject(new Error('The server under load is silent.'))),
      withinMs,
    );
    child.on('message', onMessage);
    child.once('exit', onExit);
    child.once('error', onError);
  });
}
