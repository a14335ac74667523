import { Inject, Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { InventoryClient } from '../inventory/inventory.client.js';
import { ordersRepository, type OrdersRepository } from './orders.repository.js';

const firstDelay = 1_000;
const longestDelay = 60_000;
const mostAttempts = 12;
const mostPending = 1_000;

/**
 * Releases that inventory has not confirmed, tried again in the background: after 1 second, then after twice as long
 * each time, up to a minute between two attempts and twelve attempts in all.
 */
@Injectable()
export class PendingReleases implements OnModuleDestroy {
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #logger = new Logger(PendingReleases.name);

  constructor(
    private readonly inventory: InventoryClient,
    @Inject(ordersRepository) private readonly orders: OrdersRepository,
  ) {}

  /** How many releases are waiting for their next attempt. */
  get size(): number {
    return this.#timers.size;
  }

  /** Tries a release again until inventory confirms it. One that is already waiting stays as it is. */
  add(orderId: string): void {
    if (this.#timers.has(orderId)) return;
    if (this.#timers.size >= mostPending) {
      this.#logger.error({ msg: 'too many releases are pending; one is given up', orderId });
      return;
    }
    this.#schedule(orderId, 1);
  }

  onModuleDestroy(): void {
    for (const [orderId, timer] of this.#timers) {
      clearTimeout(timer);
      this.#logger.warn({ msg: 'stopping before a release was confirmed', orderId });
    }
    this.#timers.clear();
  }

  #schedule(orderId: string, attempt: number): void {
    const delay = Math.min(firstDelay * 2 ** (attempt - 1), longestDelay);
    this.#timers.set(orderId, setTimeout(() => void this.#try(orderId, attempt), delay).unref());
  }

  async #try(orderId: string, attempt: number): Promise<void> {
    try {
      await this.inventory.release(orderId);
      await this.orders.transition(orderId, ['cancelling'], 'cancelled');
      this.#timers.delete(orderId);
    } catch (error) {
      if (!this.#timers.has(orderId)) return;
      if (attempt < mostAttempts) return this.#schedule(orderId, attempt + 1);
      this.#timers.delete(orderId);
      this.#logger.error({ msg: 'a release was given up', orderId, attempts: attempt, err: error });
    }
  }
}
