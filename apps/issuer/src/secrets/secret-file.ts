import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { randomBytes } from 'node:crypto';

/** A new client secret: 256 random bits in base64url. */
export const generateSecret = (): string => randomBytes(32).toString('base64url');

/**
 * Reads the secret that a file holds.
 *
 * @returns `undefined` where there is no such file, or where what it holds is too short to be one
 */
export function readSecretFile(file: string): string | undefined {
  try {
    const secret = readFileSync(file, 'utf8').trim();
    return secret.length >= 32 ? secret : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Writes a secret for its owner alone (0600), on the disk before it returns; readers see the old one or the new one. */
export function writeSecretFile(file: string, secret: string): void {
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  const descriptor = openSync(draft, 'wx', 0o600);
  try {
    writeSync(descriptor, `${secret}\n`);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(draft, file);
}
