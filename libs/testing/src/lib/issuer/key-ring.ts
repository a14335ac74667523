import { leaseKey, leaseKeyNow, returnKey } from '../keys/key-pool.js';
import { type PublicJwk, type SigningAlgorithm, type SigningKey } from '../keys/signing-key.js';

/** The signing keys of one issuer: current ones, the next ones ahead of a rotation, and previous ones. */
export class KeyRing {
  readonly #algorithms: readonly SigningAlgorithm[];
  #current: SigningKey[];
  #next: SigningKey[] = [];
  #previous: SigningKey[] = [];
  readonly #retired: SigningKey[] = [];
  #reserve: SigningKey[] = [];

  private constructor(algorithms: readonly SigningAlgorithm[], current: SigningKey[]) {
    this.#algorithms = algorithms;
    this.#current = current;
  }

  static async create(algorithms: readonly SigningAlgorithm[]): Promise<KeyRing> {
    return new KeyRing(algorithms, await Promise.all(algorithms.map(leaseKey)));
  }

  /** Makes the keys of the next rotation ready, without publishing them. */
  async reserve(): Promise<void> {
    if (this.#reserve.length === 0) this.#reserve = await Promise.all(this.#algorithms.map(leaseKey));
  }

  /** The current key, of one algorithm where it is named. */
  current(alg?: SigningAlgorithm): SigningKey {
    const key = alg ? this.#current.find((candidate) => candidate.alg === alg) : this.#current[0];
    if (!key) throw new Error(`The loopback issuer has no ${alg} key. Start it with algorithms: ['${alg}'].`);
    return key;
  }

  /** What the key set publishes. */
  published(): PublicJwk[] {
    return [...this.#current, ...this.#next, ...this.#previous].map((key) => key.publicJwk);
  }

  publishNext(): readonly SigningKey[] {
    if (this.#next.length > 0) return this.#next;
    this.#next = this.#reserve.length > 0 ? this.#reserve : this.#algorithms.map(leaseKeyNow);
    this.#reserve = [];
    return this.#next;
  }

  rotate(): void {
    const next = this.publishNext();
    this.#previous.push(...this.#current);
    this.#current = [...next];
    this.#next = [];
  }

  retire(kid?: string): void {
    const leaves = (key: SigningKey): boolean => kid === undefined || key.kid === kid;
    const keep = (keys: readonly SigningKey[]): SigningKey[] => {
      this.#retired.push(...keys.filter(leaves));
      return keys.filter((key) => !leaves(key));
    };
    this.#previous = keep(this.#previous);
    if (kid === undefined) return;
    this.#next = keep(this.#next);
    const replaced = this.#current.find(leaves);
    if (!replaced) return;
    this.#retired.push(replaced);
    this.#current = this.#current.map((key) => (key === replaced ? leaseKeyNow(key.alg) : key));
  }

  /** Gives the key material back to the process's pool. */
  release(): void {
    const rings = [this.#current, this.#next, this.#previous, this.#retired, this.#reserve];
    for (const key of rings.flat()) returnKey(key);
  }
}
