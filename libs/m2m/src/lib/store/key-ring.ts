import { createSecretKey, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { M2mOptionsError } from '../errors/options-error.js';

const keyBytes = 32;
const maxKeys = 16;

/** One key: an id of up to 32 letters, digits, `_`, `-`, and 256 bits in base64 or base64url. */
const entry = z.string().transform((text, context): [id: string, key: KeyObject] => {
  const [, id = '', encoded = ''] = /^([\w-]{1,32}):([\w+/-]{43}=?)$/.exec(text.trim()) ?? [];
  const bytes = Buffer.from(encoded, 'base64url');
  if (bytes.length !== keyBytes || new Set(bytes).size === 1)
    context.addIssue({ code: 'custom', message: 'must be id:key, with a key of 32 random bytes in base64' });
  return [id, createSecretKey(bytes.length === keyBytes ? bytes : Buffer.alloc(keyBytes))];
});

const keyRingText = z
  .string()
  .transform((text) => text.split(','))
  .pipe(z.array(entry).max(maxKeys))
  .refine((keys) => new Set(keys.map(([id]) => id)).size === keys.length, 'names an id twice');

/** What is wrong with the text of a key ring, a sentence part each, without anything of the keys; empty: nothing. */
export function keyRingProblems(text: string): string[] {
  return (keyRingText.safeParse(text).error?.issues ?? []).map(({ path: [index], message }) =>
    typeof index === 'number' ? `entry ${index + 1} ${message}` : message,
  );
}

/**
 * The keys of the shared cache. The first encrypts, all decrypt, so that a key is replaced without a cold cache: add the
 * new one behind the others everywhere, then move it to the front everywhere, then take the old one out.
 */
export class KeyRing {
  /** The id and the key that encrypt. */
  readonly current: readonly [id: string, key: KeyObject];
  readonly #keys: ReadonlyMap<string, KeyObject>;

  private constructor(keys: readonly (readonly [id: string, key: KeyObject])[]) {
    this.current = keys[0] as [string, KeyObject];
    this.#keys = new Map(keys);
  }

  /**
   * Reads a key ring.
   *
   * @param text `id:base64key,id2:base64key`, 32 random bytes each
   * @throws M2mOptionsError that says which entry is wrong, never what is in it
   */
  static parse(text: string): KeyRing {
    const problems = keyRingProblems(text).map((problem) => `The key ring of the shared cache: ${problem}.`);
    if (problems.length > 0) throw new M2mOptionsError(problems);
    return new KeyRing(keyRingText.parse(text));
  }

  /** The key of an id, to decrypt with. */
  find(id: string): KeyObject | undefined {
    return this.#keys.get(id);
  }
}
