import { createReadStream } from 'node:fs';
import { CliError } from './cli.error.js';

const MAX_BYTES = 131_072;

/**
 * Reads a token from a file or from standard input, never from the arguments: those are seen by every process of the
 * machine and kept by shells. White space around it, and a `Bearer` or `DPoP` before it, are left out.
 *
 * @param file its path, or `-` for standard input
 * @throws CliError where there is none, or more than 128 KiB
 */
export async function readToken(file: string, stdin: AsyncIterable<Uint8Array | string>): Promise<string> {
  const text = await readBounded(file === '-' ? stdin : createReadStream(file), file);
  const token = text.trim().replace(/^(?:Bearer|DPoP) +/i, '');
  if (token === '') throw new CliError(`There is no token in ${nameOf(file)}.`);
  return token;
}

async function readBounded(source: AsyncIterable<Uint8Array | string>, file: string): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of source) {
      const bytes = Buffer.from(chunk as Uint8Array);
      size += bytes.byteLength;
      if (size > MAX_BYTES) throw new CliError(`${nameOf(file)} holds more than a token.`);
      chunks.push(bytes);
    }
  } catch (error) {
    if (error instanceof CliError) throw error;
    throw new CliError(`${nameOf(file)} cannot be read.`, [], { cause: error });
  }
  return Buffer.concat(chunks).toString('utf8');
}

function nameOf(file: string): string {
  return file === '-' ? 'standard input' : file;
}
