import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { openApiFile } from '../openapi/open-api-file.js';
import type { Service } from '../service/define-service.js';
import { CliError } from './cli.error.js';

/** Where the command writes. */
export interface Streams {
  readonly out: (text: string) => unknown;
  readonly err: (text: string) => unknown;
}

const usage = `Usage: countersign-openapi --service <file> [--file <file> [--check]]

Writes the OpenAPI document of a built service, without starting it.

  --service <file>  the built module of the service, such as apps/orders/dist/service.js
  --file <file>     write the document there, in place of printing it
  --check           change nothing, and fail where the file is not up to date
  --help            show this
`;

/**
 * The command `countersign-openapi`.
 *
 * @param args what follows the command's name
 * @returns the exit code: 0 for yes, 1 for a stale file, 2 for a command that cannot be done
 */
export async function runCli(args: readonly string[], streams: Streams): Promise<number> {
  try {
    return await run(args, streams);
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    streams.err(`${error.message}\n`);
    return 2;
  }
}

async function run(args: readonly string[], { out, err }: Streams): Promise<number> {
  const { service, file, check, help } = optionsOf(args);
  if (help) {
    out(usage);
    return 0;
  }
  if (service === undefined) throw new CliError(`--service is missing.\n\n${usage}`);
  if (check && file === undefined) throw new CliError('--check needs --file, the document to be checked.');
  const text = await documentOf(resolve(service));
  if (file === undefined) {
    out(text);
    return 0;
  }
  if (!check) {
    await writeFile(file, text);
    return 0;
  }
  if (isSame(await readOrNothing(file), text)) {
    out(`${file} is up to date.\n`);
    return 0;
  }
  err(`${file} is not up to date. Build the service, write the document, review it and commit it.\n`);
  return 1;
}

function optionsOf(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        service: { type: 'string' },
        file: { type: 'string' },
        check: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (cause) {
    throw new CliError(`${textOf(cause)}\n\n${usage}`, { cause });
  }
}

async function documentOf(path: string): Promise<string> {
  const { service } = await load(path);
  if (typeof service !== 'object' || service === null) {
    throw new CliError(
      `${path} exports no \`service\`. Export what \`defineService\` of @countersign/bootstrap answered.`,
    );
  }
  try {
    return await openApiFile(service as Service);
  } catch (cause) {
    throw new CliError(`${path} cannot be read: ${textOf(cause)}`, { cause });
  }
}

async function load(path: string): Promise<{ readonly service?: unknown }> {
  try {
    return (await import(/* @vite-ignore */ pathToFileURL(path).href)) as { service?: unknown };
  } catch (cause) {
    throw new CliError(`${path} cannot be loaded: ${textOf(cause)}\nBuild the service first.`, { cause });
  }
}

/** Whether a file says the same as a document, however it is formatted. */
function isSame(file: string | undefined, text: string): boolean {
  try {
    return isDeepStrictEqual(JSON.parse(file ?? ''), JSON.parse(text));
  } catch {
    return false;
  }
}

async function readOrNothing(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new CliError(`${file} cannot be read.`, { cause });
  }
}

const textOf = (error: unknown): string =>
  error instanceof Error ? error.message : 'a value was thrown that is no error';
