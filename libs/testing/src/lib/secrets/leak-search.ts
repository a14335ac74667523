import { findSecrets, type Leak } from './find-secrets.js';

/** Where something was written. */
export type OutputSource = 'console' | 'stdout' | 'stderr' | 'log' | 'child process';

/** A leak, and where it was written. */
export interface WrittenLeak extends Pick<Leak, 'secret' | 'form'> {
  readonly source: OutputSource;
}

const searchAt = 512 * 1024;
/** Longer than any secret or token: what may be cut in two at the end of a piece. */
const overlap = 32 * 1024;
const mostLeaks = 20;

/** Looks for secrets in outputs of any length, piece by piece. */
export class LeakSearch {
  readonly #pieces = new Map<OutputSource, string>();
  readonly #leaks = new Map<string, WrittenLeak>();
  #length = 0;

  /** @param secrets the secrets known so far, by name */
  constructor(private readonly secrets: () => Readonly<Record<string, string>>) {}

  /** How many characters were written. */
  get length(): number {
    return this.#length;
  }

  add(source: OutputSource, text: string): void {
    this.#length += text.length;
    const piece = (this.#pieces.get(source) ?? '') + text;
    this.#pieces.set(source, piece);
    if (piece.length < searchAt) return;
    this.#search(source, piece);
    this.#pieces.set(source, piece.slice(-overlap));
  }

  /** What was found, once each; at most 20. */
  finish(): readonly WrittenLeak[] {
    for (const [source, piece] of this.#pieces) this.#search(source, piece);
    this.#pieces.clear();
    return [...this.#leaks.values()];
  }

  #search(source: OutputSource, piece: string): void {
    for (const { secret, form } of findSecrets(piece, this.secrets()))
      if (this.#leaks.size < mostLeaks)
        this.#leaks.set(`${source} ${secret} ${form}`, { source, secret, form });
  }
}
