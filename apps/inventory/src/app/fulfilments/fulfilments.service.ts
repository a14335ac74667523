import { Inject, Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { ledgerRepository, type LedgerRepository } from '../ledger/ledger.repository.js';
import { OrdersClient } from '../orders/orders.client.js';

const atOnce = 4;
const batch = 100;
const firstDelay = 1_000;
const longestDelay = 30_000;
const mostRetries = 20;

/**
 * Reports allocations to orders as fulfilled, a few at a time. What cannot be reported stays in the ledger and is tried
 * again: at the next restock or release, and by itself after 1 second, then after twice as long each time, up to 30
 * seconds between two attempts and 20 of them in a row.
 */
@Injectable()
export class FulfilmentsService implements OnModuleDestroy {
  readonly #logger = new Logger(FulfilmentsService.name);
  #running: Promise<void> | undefined;
  #again = false;
  #timer: NodeJS.Timeout | undefined;
  #retries = 0;
  #stopped = false;

  constructor(
    @Inject(ledgerRepository) private readonly ledger: LedgerRepository,
    private readonly orders: OrdersClient,
  ) {}

  /** Begins to report whatever is allocated. Answers at once. */
  report(): void {
    this.#retries = 0;
    this.#start();
  }

  /** Resolves when nothing is being reported. */
  async settled(): Promise<void> {
    while (this.#running) await this.#running;
  }

  async onModuleDestroy(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.settled();
  }

  #start(): void {
    if (this.#stopped) return;
    clearTimeout(this.#timer);
    if (this.#running) {
      this.#again = true;
      return;
    }
    this.#running = this.#reportAll().finally(() => {
      this.#running = undefined;
      if (this.#again) {
        this.#again = false;
        this.#start();
      }
    });
  }

  async #reportAll(): Promise<void> {
    try {
      for (;;) {
        const allocated = await this.ledger.allocated(batch);
        if (allocated.length === 0) return;
        const failed = await this.#reportBatch(allocated.map(({ orderId }) => orderId));
        if (failed > 0 || this.#stopped) return this.#retryLater(failed);
      }
    } catch (error) {
      this.#logger.error({ msg: 'the allocations cannot be read', err: error });
      this.#retryLater(0);
    }
  }

  /** @returns how many could not be reported */
  async #reportBatch(orderIds: readonly string[]): Promise<number> {
    const left = [...orderIds];
    let failed = 0;
    const worker = async () => {
      for (let orderId = left.shift(); orderId !== undefined && !this.#stopped; orderId = left.shift()) {
        if (!(await this.#reportOne(orderId))) failed++;
      }
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
    return failed;
  }

  async #reportOne(orderId: string): Promise<boolean> {
    try {
      const outcome = await this.orders.fulfil(orderId);
      if (outcome === 'fulfilled') await this.ledger.fulfil(orderId);
      else await this.ledger.release(orderId);
      return true;
    } catch (error) {
      this.#logger.warn({ msg: 'a fulfilment could not be reported', orderId, err: error });
      return false;
    }
  }

  #retryLater(failed: number): void {
    if (this.#stopped) return;
    if (this.#retries >= mostRetries) {
      this.#logger.error({ msg: 'fulfilments wait for the next restock', failed });
      return;
    }
    const delay = Math.min(firstDelay * 2 ** this.#retries++, longestDelay);
    this.#timer = setTimeout(() => this.#start(), delay).unref();
  }
}
