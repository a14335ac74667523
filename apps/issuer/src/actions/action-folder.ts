import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { maxActions, maxCodeSize, type Action } from './action.js';
import { ActionFailure } from './action-failure.js';

const secretsFile = z.record(z.string().max(255), z.string().max(4_096));

/** The `*.js` and `*.cjs` files of a folder as Actions, in the order of their names. An edit is seen by the next token. */
export class ActionFolder {
  #seen = '';
  #actions: readonly Action[] = [];

  /**
   * @param folder where the files are; none where it does not exist
   * @param secretsFolder holds `<name>.json`: what the Action of that name reads as `event.secrets`
   */
  constructor(
    private readonly folder: string,
    private readonly secretsFolder: string,
  ) {}

  /**
   * The Actions as the files are now.
   *
   * @throws {@link ActionFailure} `action_unreadable`
   */
  current(): readonly Action[] {
    const files = namesIn(this.folder).filter((name) => /^[\w.-]{1,100}\.c?js$/.test(name));
    if (files.length === 0) return [];
    if (files.length > maxActions)
      throw new ActionFailure('action_unreadable', this.folder, `is one of more than ${maxActions}`);
    const stamps = files.flatMap((name) => [stamp(join(this.folder, name)), stamp(this.#secrets(name))]);
    const seen = [...files, ...stamps].join();
    if (seen !== this.#seen) {
      this.#actions = files.map((name) => this.#read(name));
      this.#seen = seen;
    }
    return this.#actions;
  }

  #read(name: string): Action {
    const file = join(this.folder, name);
    try {
      if (statSync(file).size > maxCodeSize) throw new Error(`has more than ${maxCodeSize} bytes`);
      const code = readFileSync(file, 'utf8');
      const secrets = stamp(this.#secrets(name))
        ? secretsFile.parse(JSON.parse(readFileSync(this.#secrets(name), 'utf8')))
        : {};
      return { name, code, secrets };
    } catch (error) {
      const problem =
        error instanceof Error && error.message.startsWith('has ') ? error.message : 'cannot be read';
      throw new ActionFailure('action_unreadable', name, problem, { cause: error });
    }
  }

  #secrets(name: string): string {
    return join(this.secretsFolder, `${basename(name).replace(/\.c?js$/, '')}.json`);
  }
}

function namesIn(folder: string): string[] {
  // Asked for each token: most issuers have no such folder, and an error that is thrown costs more than the question.
  if (!existsSync(folder)) return [];
  try {
    return readdirSync(folder).sort();
  } catch (error) {
    throw new ActionFailure('action_unreadable', folder, 'cannot be read', { cause: error });
  }
}

/** Tells one state of a file from another; empty where there is none. */
function stamp(file: string): string {
  const stats = statSync(file, { throwIfNoEntry: false, bigint: true });
  return stats ? `${stats.ino} ${stats.size} ${stats.mtimeNs} ${stats.ctimeNs}` : '';
}
