import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { Finding } from '../finding.js';

/** A contract is a page of text: 256 KiB is far more than any needs. */
export const maxContractBytes = 256 * 1024;

/** The text of a file, or what keeps it from being read. Never reads more than {@link maxContractBytes}. */
export function readText(path: string, file: string): { text: string } | { finding: Finding } {
  const refuse = (code: Finding['code'], message: string) => ({
    finding: { code, severity: 'error', file, pointer: '', message } satisfies Finding,
  });
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, 'r');
    if (!fstatSync(descriptor).isFile()) return refuse('file_unreadable', 'This is not a regular file.');
    const buffer = Buffer.allocUnsafe(maxContractBytes + 1);
    let length = 0;
    for (let read = -1; read !== 0 && length < buffer.length; length += read) {
      read = readSync(descriptor, buffer, length, buffer.length - length, null);
    }
    if (length > maxContractBytes) {
      return refuse('file_too_large', `A contract has at most ${maxContractBytes} bytes. Shorten it.`);
    }
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(buffer.subarray(0, length)) };
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? 'unknown';
    return reason === 'ERR_ENCODING_INVALID_ENCODED_DATA'
      ? refuse('json_malformed', 'The file is not UTF-8. Save it as UTF-8.')
      : refuse(
          'file_unreadable',
          `The file cannot be read (${reason}). Check that it exists and is readable.`,
        );
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
