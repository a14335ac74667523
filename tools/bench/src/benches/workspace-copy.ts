import { spawnSync } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const source = new URL('../../../../', import.meta.url);
const copyModule = new URL('tools/nx-plugin/test/support/copy-workspace.mjs', source);
const nxBin = createRequire(import.meta.url).resolve('nx/bin/nx.js');

/** Our own environment, without what an Nx that runs the bench says of its own workspace. */
const environment = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(?:NX|npm)_/i.test(name))),
  NX_DAEMON: 'false',
  NX_TUI: 'false',
};

/** A copy of this workspace, outside of it, with services that the generators made. */
export class WorkspaceCopy implements AsyncDisposable {
  private constructor(private readonly root: string) {}

  /** @param count services, each of which calls the next; the last calls the first */
  static async withServices(count: number): Promise<WorkspaceCopy> {
    const { copyWorkspace } = (await import(copyModule.href)) as { copyWorkspace: () => string };
    const copy = new WorkspaceCopy(copyWorkspace());
    try {
      await copy.#placeBuiltGenerators();
      copy.#run([fileURLToPath(new URL('workspace-generate.js', import.meta.url)), String(count)]);
      return copy;
    } catch (error) {
      await copy[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Generates one more service and takes it away again. @returns seconds that the generating took */
  async generateService(): Promise<number> {
    const solution = join(this.root, 'tsconfig.json');
    const before = await readFile(solution, 'utf8');
    const options = ['--scopes=read:extras,write:extras', '--skipInstall'];
    const seconds = this.#run([nxBin, 'g', '@countersign/nx:service', 'extra', ...options]);
    await rm(join(this.root, 'apps/extra'), { recursive: true });
    await writeFile(solution, before);
    return seconds;
  }

  /** Checks all contracts against each other. @returns seconds */
  checkContracts(): number {
    return this.#run([join(this.root, 'libs/contract/dist/bin.js'), 'check', '--root', '.']);
  }

  /**
   * Makes the project graph, with nothing cached.
   *
   * @param env for Nx, beside our own environment
   * @returns seconds
   */
  async createGraph(env: Readonly<Record<string, string>> = {}): Promise<number> {
    const data = await mkdtemp(join(tmpdir(), 'bench-graph-'));
    try {
      return this.#run([nxBin, 'show', 'projects'], { ...env, NX_WORKSPACE_DATA_DIRECTORY: data });
    } finally {
      await rm(data, { recursive: true, force: true, maxRetries: 3 });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.root, { recursive: true, force: true, maxRetries: 3 });
  }

  /** The generators as they are built, with their templates, which are not. */
  async #placeBuiltGenerators(): Promise<void> {
    const built = join(this.root, 'tools/nx-plugin/dist');
    await cp(new URL('tools/nx-plugin/dist', source), built, { recursive: true });
    await cp(new URL('tools/nx-plugin/src', source), built, {
      recursive: true,
      filter: (path) => /[\\/]files(?:[\\/]|$)/.test(path) || !/\.[a-z]+$/.test(path),
    });
  }

  /** Runs a program of Node.js in the copy to its end. @returns seconds */
  #run(args: readonly string[], env: Readonly<Record<string, string>> = {}): number {
    const began = performance.now();
    const { status, stdout, stderr } = spawnSync(process.execPath, args, {
      cwd: this.root,
      env: { ...environment, ...env },
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    });
    if (status === 0) return (performance.now() - began) / 1000;
    throw new Error(`${args.join(' ')} ended with ${status}:\n${`${stdout}${stderr}`.slice(-4_000)}`);
  }
}
