import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { npm } from './npm.mjs';
import { runNode } from './program.mjs';

/** The Nx that a new workspace is made with. */
const nxVersion = '23.2.1';

/** Longest run of one command, in milliseconds: what it installs comes over the network. */
const timeout = 420_000;

/** A workspace of somebody else, outside of this one, made from published packages alone. */
export class OwnWorkspace {
  #environment;

  /**
   * Makes it, as its users do. The folder that `create-nx-workspace` works in, and leaves behind, is in the same parent.
   *
   * @param {string} parent folder that it is made in
   * @param {string} name
   * @param {string[]} options of `create-nx-workspace`
   * @param {Record<string, string>} environment where npm finds the packages
   */
  static create(parent, name, options, environment) {
    const fixed = ['--nxCloud=skip', '--packageManager=npm', '--interactive=false', '--skipGit'];
    const args = ['--yes', `create-nx-workspace@${nxVersion}`, name, ...options, ...fixed];
    npm(parent, args, { ...environment, CI: 'true', TMPDIR: parent }, { program: 'npx', timeout });
    return new OwnWorkspace(join(parent, name), environment);
  }

  constructor(root, environment) {
    this.root = root;
    this.#environment = environment;
  }

  nx(...args) {
    return runNode(this.root, [join(this.root, 'node_modules/nx/dist/bin/nx.js'), ...args], {
      env: { ...this.#environment, npm_config_ignore_scripts: 'true' },
      timeout,
    });
  }

  generate(name, ...args) {
    return this.nx('g', `@countersign/nx:${name}`, ...args, '--skipInstall', '--no-interactive');
  }

  install() {
    return npm(this.root, ['install', '--silent'], this.#environment, { timeout });
  }

  /** Path of a program that a package brought. */
  bin(program) {
    return join(this.root, 'node_modules/.bin', program);
  }

  read(path) {
    return readFileSync(join(this.root, path), 'utf8');
  }

  readJson(path) {
    return JSON.parse(this.read(path));
  }

  /** Replaces a part of a file, which has to be there. */
  edit(path, part, replacement) {
    const text = this.read(path);
    if (!text.includes(part)) throw new Error(`${path} has no ${JSON.stringify(part)}:\n${text}`);
    this.write(path, text.replace(part, replacement));
  }

  write(path, text) {
    mkdirSync(join(this.root, path, '..'), { recursive: true });
    writeFileSync(join(this.root, path), text);
  }
}
