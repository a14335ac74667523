/**
 * A copy of a text of one-byte characters. V8 keeps the whole of a string alive for a slice of it: here that would be a
 * token.
 */
export function ownCopy(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1');
}
