import type { Denylist } from '../verifier/denylist.js';
import type { VerifiedToken } from '../verifier/verified-token.js';

/** Which client is denied, and until when. */
export interface ClientDenial {
  /** The exact issuer of the client. Default: the client of that id at every issuer. */
  readonly issuer?: string;
  /** In seconds since the epoch. Default: until it is allowed again. */
  readonly until?: number;
}

/** A token may be accepted for as long as this after it expires, in seconds: the largest clock tolerance. */
const TOLERANCE = 60;
const SWEEP_MS = 60_000;

/**
 * A denylist in this process. Takes effect on the next request, on recognised tokens too.
 *
 * @example
 * ```ts
 * const denylist = new MemoryDenylist();
 * denylist.denyToken(jti, expiresAt);
 * denylist.denyClient('inventory', { issuer: 'https://acme.eu.auth0.com/' });
 * ```
 */
export class MemoryDenylist implements Denylist {
  /** Until when each is denied, in seconds since the epoch. */
  readonly #tokens = new Map<string, number>();
  readonly #clients = new Map<string, number>();
  /** By issuer and client. */
  readonly #clientsOfIssuers = new Map<string, number>();
  #sweptAt = 0;

  /** @param clock milliseconds since the epoch; default `Date.now` */
  constructor(private readonly clock: () => number = Date.now) {}

  denies({ tokenId, clientId, issuer }: VerifiedToken): boolean {
    if (this.size === 0) return false;
    return (
      (tokenId !== undefined && this.#holds(this.#tokens, tokenId)) ||
      this.#holds(this.#clients, clientId) ||
      (this.#clientsOfIssuers.size > 0 &&
        this.#holds(this.#clientsOfIssuers, clientOfIssuer(clientId, issuer)))
    );
  }

  /**
   * Denies one token.
   *
   * @param tokenId its `jti`
   * @param until when it expires, in seconds since the epoch: it need not be remembered for longer
   */
  denyToken(tokenId: string, until: number): void {
    this.#sweep();
    this.#tokens.set(tokenId, until + TOLERANCE);
  }

  /**
   * Denies every token of a client.
   *
   * @param denial of which issuer, and until when; a number is `until`. Default: at every issuer, until
   * {@link allowClient}
   */
  denyClient(clientId: string, denial: ClientDenial | number = {}): void {
    this.#sweep();
    const { issuer, until = Number.POSITIVE_INFINITY } = denialOf(denial);
    if (issuer === undefined) this.#clients.set(clientId, until);
    else this.#clientsOfIssuers.set(clientOfIssuer(clientId, issuer), until);
  }

  /**
   * Takes a client off the list.
   *
   * @param denied as it was denied: with its issuer, or without
   */
  allowClient(clientId: string, { issuer }: Pick<ClientDenial, 'issuer'> = {}): void {
    if (issuer === undefined) this.#clients.delete(clientId);
    else this.#clientsOfIssuers.delete(clientOfIssuer(clientId, issuer));
  }

  /** How many entries there are. */
  get size(): number {
    return this.#tokens.size + this.#clients.size + this.#clientsOfIssuers.size;
  }

  #holds(list: ReadonlyMap<string, number>, name: string): boolean {
    const until = list.get(name);
    return until !== undefined && this.clock() < until * 1_000;
  }

  #sweep(): void {
    const now = this.clock();
    if (now < this.#sweptAt + SWEEP_MS) return;
    this.#sweptAt = now;
    for (const list of [this.#tokens, this.#clients, this.#clientsOfIssuers]) {
      for (const [name, until] of list) if (until * 1_000 <= now) list.delete(name);
    }
  }
}

/** What was said of a client, in one form. */
export function denialOf(denial: ClientDenial | number): ClientDenial {
  return typeof denial === 'number' ? { until: denial } : denial;
}

function clientOfIssuer(clientId: string, issuer: string): string {
  return JSON.stringify([clientId, issuer]);
}
