import type { Vault } from '../secrets/vault.js';
import type { Store } from '../store/store.js';
import type { Directory } from './directory.js';
import { readDirectory } from './read-directory.js';

/** Answers the present {@link Directory}, reading it from the store only where something changed. */
export class DirectoryReader {
  #latest: Directory | undefined;
  #reading: Promise<Directory> | undefined;

  constructor(
    private readonly store: Store,
    private readonly vault: Vault,
  ) {}

  /** The directory as of the last change that was acknowledged, by whichever process. */
  async current(): Promise<Directory> {
    const revision = await this.store.revision();
    if (this.#latest && this.#latest.revision >= revision) return this.#latest;
    this.#reading ??= this.#read().finally(() => (this.#reading = undefined));
    const directory = await this.#reading;
    return directory.revision >= revision ? directory : this.current();
  }

  async #read(): Promise<Directory> {
    // Read before the rows: a change in between makes the directory newer than it says, and it is read again.
    const revision = await this.store.revision();
    return (this.#latest = await readDirectory(this.store.db, this.vault, revision));
  }
}
