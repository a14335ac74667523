import { type ChildProcess, spawn } from 'node:child_process';
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
   * @param entry the compiled server, relative to the `dist` folder
   * @param config handed over as JSON in `BENCH_CONFIG`
   * @param nodeArgs such as `--cpu-prof`
   */
  static async start(
    entry: string,
    config: unknown,
    nodeArgs: readonly string[] = [],
  ): Promise<ServerProcess> {
    const file = fileURLToPath(new URL(`../${entry}`, import.meta.url));
    const [command, args] = onCore('server', process.execPath, ['--expose-gc', ...nodeArgs, file]);
    const child = spawn(command, args, {
      env: { ...process.env, NODE_ENV: 'production', BENCH_CONFIG: JSON.stringify(config) },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    try {
      const message = await next(child, readyWithinMs);
      if (message.kind !== 'ready') throw new Error(`${entry} did not say that it is ready.`);
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
