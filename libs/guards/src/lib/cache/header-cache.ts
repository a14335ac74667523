import type { JsonObject } from '../verifier/json/strict-json.js';
import { ownCopy } from './own-copy.js';

/** The most headers that are kept: far more than the keys that sign at one time. */
const most = 32;

/**
 * The headers of verified tokens, as they were read. All tokens that one key signs begin with the same characters, and
 * what those say depends on nothing else. Headers of tokens that did not verify never come in, and one with a member
 * that could be changed does not either, because tokens share what is kept.
 */
export class HeaderCache {
  readonly #headers = new Map<string, JsonObject>();

  /** @param segment the first part of a token, as it was sent */
  get(segment: string): JsonObject | undefined {
    return this.#headers.get(segment);
  }

  /** Keeps the header of a token that verified. */
  keep(token: string, header: JsonObject): void {
    const segment = token.slice(0, token.indexOf('.'));
    if (this.#headers.has(segment) || !Object.values(header).every(isPlain)) return;
    if (this.#headers.size >= most) this.#headers.clear();
    this.#headers.set(ownCopy(segment), Object.freeze(header));
  }
}

const isPlain = (value: unknown): boolean => typeof value !== 'object' || value === null;
