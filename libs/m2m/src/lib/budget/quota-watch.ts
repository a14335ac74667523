import type { Clock } from '../tokens/clock.js';
import type { QuotaBucket } from '../tokens/token-event.js';
import type { QuotaEvent, QuotaShare } from './quota-event.js';

/** A limit as it was seen last. */
export interface Quota extends QuotaBucket {
  /** Whose limit it is: the authorization server's, or this service's own budget. */
  readonly source: 'server' | 'budget';
}

interface Seen {
  readonly quota: Quota;
  /** When the period ends, in milliseconds of the clock that never jumps. */
  readonly endsAt: number;
  /** What was told of in this period. */
  readonly told: QuotaShare | 0;
}

const shares: readonly QuotaShare[] = [100, 80, 60];
const maxQuotas = 16;

/** Watches quotas fill up, and tells of each share once in a period. */
export class QuotaWatch {
  readonly #seen = new Map<string, Seen>();

  /** @param tell is told of a share when it is reached; a later, higher one is told of instead of an earlier */
  constructor(
    private readonly clock: Clock,
    private readonly tell: (event: QuotaEvent) => void,
  ) {}

  /** Takes note of a quota. */
  see(quota: Quota): void {
    const key = `${quota.source} ${quota.name}`;
    const now = this.clock.monotonic();
    const before = this.#seen.get(key);
    if (before === undefined && this.#seen.size >= maxQuotas) return;
    const goesOn = before !== undefined && now < before.endsAt;
    const told = goesOn ? before.told : 0;
    const share = reached(quota);
    this.#seen.set(key, {
      quota,
      endsAt: now + quota.resetAfter * 1000,
      told: Math.max(told, share) as Seen['told'],
    });
    if (share > told) this.tell({ type: 'quota', ...quota, share: share as QuotaShare });
  }

  /** The quotas of periods that have not ended, as they were seen last. */
  quotas(): Quota[] {
    const now = this.clock.monotonic();
    return [...this.#seen.values()]
      .filter(({ endsAt }) => now < endsAt)
      .map(({ quota, endsAt }) => ({ ...quota, resetAfter: Math.ceil((endsAt - now) / 1000) }));
  }
}

/** The highest share that is used up, 0 where none is. */
function reached({ quota, remaining }: Quota): QuotaShare | 0 {
  const used = quota - remaining;
  return shares.find((share) => quota > 0 && used * 100 >= quota * share) ?? 0;
}
