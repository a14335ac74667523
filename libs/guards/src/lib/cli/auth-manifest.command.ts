import { readFile, writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { authManifest, formatManifest } from '../audit/auth-manifest.js';
import type { Streams } from './cli.js';
import { CliError } from './cli.error.js';
import { loadService } from './load-service.js';

interface Options {
  readonly service: string;
  readonly file?: string;
  readonly check?: true;
}

/** `auth-manifest`: every route of a service with what it requires, printed, written to a file, or held against one. */
export function authManifestCommand(
  program: Command,
  { out, err }: Streams,
  done: (code: number) => void,
): void {
  program
    .command('auth-manifest')
    .description('Lists every route of a built service with what it requires.')
    .requiredOption(
      '--service <file>',
      'the built module of the service, such as apps/orders/dist/service.js',
    )
    .option('--file <file>', 'write the list there, in place of printing it')
    .option('--check', 'change nothing, and fail where the file is not up to date')
    .action(async ({ service, file, check }: Options) => {
      if (check && file === undefined)
        throw new CliError('--check needs --file, the manifest to be checked.');
      const loaded = await loadService(service);
      const app = await loaded.preview();
      const text = formatManifest(authManifest(app));
      await app.close();
      if (file === undefined) return void out(text);
      if (!check) return writeFile(file, text);
      if ((await readOrNothing(file)) === text) return void out(`${file} is up to date.\n`);
      err(`${file} is not up to date. Build the service, write the manifest, review it and commit it.\n`);
      done(1);
    });
}

async function readOrNothing(file: string): Promise<string | undefined> {
  try {
    return (await readFile(file, 'utf8')).replaceAll('\r\n', '\n');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new CliError(`${file} cannot be read.`, [], { cause: error });
  }
}
