import { hash as digest, randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { matchesHash } from './secret-hash.js';

/** How many hashes are computed at once, and how many requests may wait for their turn. */
const concurrency = 2;
const waiting = 64;

/** The hash of nothing, which costs as much to compare with as any other. */
const decoy = `scrypt$${randomBytes(16).toString('base64url')}$${randomBytes(32).toString('base64url')}`;

/** Too many secrets are being checked; ask again. */
export class SecretVerifierBusyError extends Error {
  override readonly name = 'SecretVerifierBusyError';
}

/**
 * Checks client secrets against their hashes. A secret that was right is recognised from then on by its digest
 * behind random bytes of this process, for as long as its hash is among the client's; wrong ones cost the full hash each
 * time, a bounded number of them at once. Requests with the same secret at the same time share one check.
 */
export class SecretVerifier {
  readonly #salt = randomBytes(32).toString('base64url');
  readonly #known = new LRUCache<string, string>({ max: 1_000 });
  readonly #checking = new Map<string, Promise<string | undefined>>();
  readonly #queue: (() => void)[] = [];
  #running = 0;

  /**
   * @param presented what the client sent
   * @param hashes of the secrets that are valid; where there is none, a secret is refused as late as a wrong one
   * @throws {@link SecretVerifierBusyError}
   */
  async verify(clientId: string, presented: string, hashes: readonly string[]): Promise<boolean> {
    const fingerprint = digest('sha256', `${this.#salt}${clientId}\0${presented}`, 'base64url');
    const known = this.#known.get(fingerprint);
    if (known !== undefined && hashes.includes(known)) return true;
    const check = [fingerprint, ...hashes].join(' ');
    let matching = this.#checking.get(check);
    if (!matching) {
      matching = this.#matching(presented, hashes).finally(() => this.#checking.delete(check));
      this.#checking.set(check, matching);
    }
    const hash = await matching;
    if (hash !== undefined) this.#known.set(fingerprint, hash);
    return hash !== undefined;
  }

  /**
   * Takes as long as {@link verify} does for a wrong secret, so that nobody learns from the time which clients exist.
   *
   * @throws {@link SecretVerifierBusyError}
   */
  async pretend(): Promise<void> {
    await this.#inTurn(() => matchesHash('', decoy));
  }

  /** The hash that a secret is of. */
  async #matching(presented: string, hashes: readonly string[]): Promise<string | undefined> {
    if (hashes.length === 0) await this.pretend();
    for (const hash of hashes) {
      if (await this.#inTurn(() => matchesHash(presented, hash))) return hash;
    }
    return undefined;
  }

  async #inTurn<Result>(run: () => Promise<Result>): Promise<Result> {
    if (this.#running >= concurrency) {
      if (this.#queue.length >= waiting)
        throw new SecretVerifierBusyError('too many secrets are being checked');
      await new Promise<void>((resolve) => this.#queue.push(resolve));
    }
    this.#running += 1;
    try {
      return await run();
    } finally {
      this.#running -= 1;
      this.#queue.shift()?.();
    }
  }
}
