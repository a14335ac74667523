import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { npm } from './npm.mjs';
import { freePorts, Running } from './program.mjs';

/** The newest Verdaccio that runs on Node.js 20. */
const version = '6.8.0';

/** It asks for a tag of node-fetch that not every registry has, for a plugin that is not loaded here. */
const overrides = { 'node-fetch': '2.7.0' };

const configuration = `storage: ./storage
packages:
  '@countersign/*':
    access: $all
    publish: $all
log: { type: stdout, format: json, level: warn }
`;

/** What npm is to know of the way to everything else. */
const kept = ['registry', 'cafile', 'https-proxy'];

/** Settings of npm in the place of the user's own. The token is no secret: nobody is asked for one. */
function writeSettings(folder, url) {
  const file = join(folder, 'npmrc');
  const values = kept.map((key) => [key, npm(folder, ['config', 'get', key]).trim()]);
  const lines = [
    ...values.filter(([, value]) => value !== 'null').map(([key, value]) => `${key}=${value}`),
    `@countersign:registry=${url}`,
    `${url.replace(/^http:/, '')}:_authToken=anonymous`,
  ];
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}

/** An npm registry of its own on 127.0.0.1, for the packages of `@countersign` and nothing else. */
export class Registry {
  #server;

  constructor(server, url, settings) {
    this.#server = server;
    this.url = url;
    /** Sends npm here for `@countersign`, and for everything else where it went before. */
    this.environment = { npm_config_userconfig: settings };
  }

  /**
   * Installs and starts it.
   *
   * @param {string} folder where it and what is published to it are kept
   */
  static async start(folder) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(
      join(folder, 'package.json'),
      JSON.stringify({ private: true, dependencies: { verdaccio: version }, overrides }),
    );
    writeFileSync(join(folder, 'config.yaml'), configuration);
    npm(folder, ['install', '--silent']);
    const port = await freePorts();
    const bin = join(folder, 'node_modules/verdaccio/bin/verdaccio');
    const server = new Running(folder, [
      bin,
      '--config',
      join(folder, 'config.yaml'),
      '--listen',
      `127.0.0.1:${port}`,
    ]);
    const url = `http://127.0.0.1:${port}/`;
    const registry = new Registry(server, url, writeSettings(folder, url));
    await registry.#answers();
    return registry;
  }

  /** Publishes every tarball of a folder. Provenance is what a CI system attests, and there is none here. */
  publish(folder) {
    const tarballs = readdirSync(folder).filter((file) => file.endsWith('.tgz'));
    for (const tarball of tarballs)
      npm(folder, ['publish', `./${tarball}`, '--provenance=false', '--silent'], this.environment);
    return tarballs.length;
  }

  async stop() {
    await this.#server.stop();
  }

  async #answers() {
    const deadline = performance.now() + 60_000;
    while (performance.now() < deadline) {
      const response = await fetch(`${this.url}-/ping`, { signal: AbortSignal.timeout(2_000) }).catch(
        () => undefined,
      );
      await response?.body?.cancel();
      if (response?.ok) return;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    await this.stop();
    throw new Error('The registry did not answer within 60 s.');
  }
}
