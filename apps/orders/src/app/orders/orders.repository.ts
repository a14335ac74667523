import type { Order, OrderState } from './order.js';

/** A page of orders, oldest first. */
export interface OrdersPage {
  readonly orders: readonly Order[];
  /** Whether there are more after the last one. */
  readonly more: boolean;
}

/** Where orders are kept. Each operation is atomic: two callers never both win a transition. */
export interface OrdersRepository {
  /**
   * Keeps a new order.
   *
   * @returns `false` where there is no room for it
   */
  add(order: Order): Promise<boolean>;

  /** The order of an id, in whatever state. */
  find(id: string): Promise<Order | undefined>;

  /**
   * A page of the orders that are not `placing`.
   *
   * @param after id of the order before the page; an unknown one gives an empty page
   * @param limit most orders of a page
   */
  page(options: { readonly after?: string | undefined; readonly limit: number }): Promise<OrdersPage>;

  /**
   * Moves an order to a state, where it is in one of the given states.
   *
   * @returns the order as it is afterwards; `undefined` where it is unknown or in another state
   */
  transition(id: string, from: readonly OrderState[], to: OrderState): Promise<Order | undefined>;

  /**
   * Forgets an order, where it is in the given state.
   *
   * @returns whether it was
   */
  remove(id: string, state: OrderState): Promise<boolean>;
}

/** Injection token of the {@link OrdersRepository}. */
export const ordersRepository = Symbol('OrdersRepository');
