import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** How often the contracts are looked at, in milliseconds. A change counts when two looks in a row see the same. */
const lookEvery = 500;

/** Notices when a contract of the workspace is edited, added or removed, once it is left alone for a moment. */
export class ContractWatcher {
  #timer: NodeJS.Timeout | undefined;
  #acted: string;
  #seen: string;
  #acting: Promise<void> = Promise.resolve();

  /**
   * @param root folder whose `apps/*` are looked at
   * @param onChange told of each change, one at a time; what it throws, `onError` is told
   */
  constructor(
    private readonly root: string,
    private readonly onChange: () => Promise<void>,
    private readonly onError: (error: unknown) => void,
  ) {
    this.#acted = this.#seen = stampOf(root);
  }

  /** Begins to look. It keeps no process alive. */
  start(): void {
    this.#timer ??= setInterval(() => this.look(), lookEvery).unref();
  }

  /** Looks once. */
  look(): void {
    const now = stampOf(this.root);
    const settled = now === this.#seen;
    this.#seen = now;
    if (!settled || now === this.#acted) return;
    this.#acted = now;
    this.#acting = this.#acting.then(this.onChange).catch(this.onError);
  }

  /** Looks no more; resolves when what was begun is done. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#timer = undefined;
    await this.#acting;
  }
}

/** Tells one state of all contracts from another. */
function stampOf(root: string): string {
  const apps = join(root, 'apps');
  return foldersIn(apps)
    .flatMap((name) => {
      const stats = statSync(join(apps, name, 'contract.json'), { throwIfNoEntry: false, bigint: true });
      return stats ? [`${name} ${stats.ino} ${stats.size} ${stats.mtimeNs} ${stats.ctimeNs}`] : [];
    })
    .join();
}

function foldersIn(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).sort();
  } catch {
    return [];
  }
}
