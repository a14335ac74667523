import type { Order, OrderState } from './order.js';
import type { OrdersPage, OrdersRepository } from './orders.repository.js';

/** Orders in memory, oldest first. A full store forgets the oldest order that is over; where none is, it is full. */
export class InMemoryOrdersRepository implements OrdersRepository {
  readonly #orders = new Map<string, Order>();

  /** @param capacity most orders that are kept; default 10,000 */
  constructor(private readonly capacity = { orders: 10_000 }) {}

  async add(order: Order): Promise<boolean> {
    if (this.#orders.size >= this.capacity.orders && !this.#forgetOldestThatIsOver()) return false;
    this.#orders.set(order.id, order);
    return true;
  }

  async find(id: string): Promise<Order | undefined> {
    return this.#orders.get(id);
  }

  async page({ after, limit }: { after?: string | undefined; limit: number }): Promise<OrdersPage> {
    const orders: Order[] = [];
    let begun = after === undefined;
    for (const order of this.#orders.values()) {
      if (begun && order.state !== 'placing') orders.push(order);
      if (order.id === after) begun = true;
      if (orders.length > limit) break;
    }
    return { orders: orders.slice(0, limit), more: orders.length > limit };
  }

  async transition(id: string, from: readonly OrderState[], to: OrderState): Promise<Order | undefined> {
    const order = this.#orders.get(id);
    if (!order || !from.includes(order.state)) return undefined;
    const moved: Order = { ...order, state: to };
    this.#orders.set(id, moved);
    return moved;
  }

  async remove(id: string, state: OrderState): Promise<boolean> {
    return this.#orders.get(id)?.state === state && this.#orders.delete(id);
  }

  #forgetOldestThatIsOver(): boolean {
    for (const { id, state } of this.#orders.values()) {
      if (state === 'fulfilled' || state === 'cancelled') return this.#orders.delete(id);
    }
    return false;
  }
}
