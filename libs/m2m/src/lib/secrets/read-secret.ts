import { readFile } from 'node:fs/promises';
import type { SecretSource } from './secret-source.js';

/**
 * The secret as it is now: a file is read again and a function is called again each time.
 *
 * @param what names the secret in the error
 * @throws Error whose message names the source, never what is in it
 */
export async function readSecret(source: SecretSource, what: string): Promise<string> {
  const text = (await readSource(source, what)).trim();
  if (text === '') throw new Error(`${what} is empty`);
  return text;
}

async function readSource(source: SecretSource, what: string): Promise<string> {
  if (typeof source === 'string') return source;
  if (typeof source === 'function') {
    try {
      return await source();
    } catch {
      throw new Error(`${what} could not be had from its provider`);
    }
  }
  try {
    return await readFile(source.file, 'utf8');
  } catch (error) {
    const { code = 'unreadable' } = error as { code?: string };
    throw new Error(`${what} could not be read from ${source.file} (${code})`, { cause: error });
  }
}
