import type { EventTable } from '../store/schema.js';
import { randomId } from '../store/identifiers.js';
import type { Store } from '../store/store.js';

/** What happened to one token request. Never the token. */
export interface TokenEvent {
  readonly type: 'token_issued' | 'token_refused';
  readonly clientId?: string | undefined;
  readonly audience?: string | undefined;
  readonly scopes?: readonly string[] | undefined;
  readonly grantId?: string | undefined;
  readonly reason?: string | undefined;
  readonly detail?: string | undefined;
}

/** How long events are gathered before they are written, in milliseconds. */
const gatherFor = 100;

/** The most events that wait to be written; the oldest make way. */
const maxWaiting = 10_000;

/** The most events that are kept, and after how many new ones the others are removed. */
const kept = 20_000;
const sweepEvery = 1_000;

/** Rows that go into one statement. */
const batch = 500;

/** Each token that was issued or refused. Written in batches, a moment after the response. */
export class EventLog {
  #waiting: EventTable[] = [];
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
  #sinceSweep = 0;
  #counter = 0;
  readonly #process = randomId(6).toLowerCase();

  constructor(
    private readonly store: Store,
    private readonly onError: (error: unknown) => void,
  ) {}

  record(event: TokenEvent): void {
    const now = Date.now();
    if (this.#waiting.length >= maxWaiting) this.#waiting.shift();
    this.#waiting.push({
      id: this.#nextId(now),
      at: new Date(now).toISOString(),
      type: event.type,
      client_id: event.clientId ?? null,
      audience: event.audience ?? null,
      scope: event.scopes?.join(' ') ?? null,
      grant_id: event.grantId ?? null,
      reason: event.reason ?? null,
      detail: event.detail ?? null,
    });
    this.#timer ??= setTimeout(() => void this.flush(), gatherFor).unref();
  }

  /** Resolves when everything recorded so far is written. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const rows = this.#waiting;
    this.#waiting = [];
    this.#writing = this.#writing
      .then(() => this.#write(rows))
      .catch((error: unknown) => this.onError(error));
    await this.#writing;
  }

  /**
   * Events, the newest first.
   *
   * @param query.before the `id` of an event: only older ones
   * @param query.take how many at most
   */
  async list(query: {
    before?: string | undefined;
    take: number;
    clientId?: string | undefined;
    type?: string | undefined;
  }): Promise<EventTable[]> {
    await this.flush();
    let select = this.store.db.selectFrom('events').selectAll().orderBy('id', 'desc').limit(query.take);
    if (query.before !== undefined) select = select.where('id', '<', query.before);
    if (query.clientId !== undefined) select = select.where('client_id', '=', query.clientId);
    if (query.type !== undefined) select = select.where('type', '=', query.type);
    return select.execute();
  }

  async #write(rows: readonly EventTable[]): Promise<void> {
    if (rows.length === 0) return;
    for (let start = 0; start < rows.length; start += batch) {
      await this.store.db
        .insertInto('events')
        .values(rows.slice(start, start + batch))
        .execute();
    }
    this.#sinceSweep += rows.length;
    if (this.#sinceSweep >= sweepEvery) await this.#sweep();
  }

  async #sweep(): Promise<void> {
    this.#sinceSweep = 0;
    const { db } = this.store;
    const oldest = await db
      .selectFrom('events')
      .select('id')
      .orderBy('id', 'desc')
      .offset(kept)
      .limit(1)
      .executeTakeFirst();
    if (oldest) await db.deleteFrom('events').where('id', '<=', oldest.id).execute();
  }

  /** Ids sort by time, and within this process by order; no other process has the same. */
  #nextId(now: number): string {
    this.#counter = (this.#counter + 1) % 46_656;
    const [time, order] = [now.toString(36).padStart(9, '0'), this.#counter.toString(36).padStart(3, '0')];
    return `evt_${time}${order}${this.#process}`;
  }
}
