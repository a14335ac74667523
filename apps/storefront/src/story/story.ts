import { Injectable } from '@nestjs/common';
import { setTimeout as delay } from 'node:timers/promises';
import { randomUUID } from 'node:crypto';
import { InventoryApi } from '@countersign/inventory-client';
import { M2mTokens } from '@countersign/m2m';
import { OrdersApi, type OrdersFindAnswer } from '@countersign/orders-client';
import { callees } from '../callees.gen.js';
import { claimsToShow } from './claims.js';
import { Narrator } from './narrator.js';
import { refusalOf, refusalOfStrayToken } from './refusal.js';

const fulfilledWithinMs = 10_000;

/** The demo: two services that call each other, told by a client that calls both. */
@Injectable()
export class Story {
  constructor(
    private readonly tokens: M2mTokens,
    private readonly orders: OrdersApi,
    private readonly inventory: InventoryApi,
  ) {}

  /**
   * Tells the story once, against the running services.
   *
   * @param inventoryUrl base URL of the inventory service, for the call with a stray token
   * @returns the exit code: 0 where every expectation held, else 1
   */
  async tell(inventoryUrl: string): Promise<0 | 1> {
    const narrator = new Narrator();
    const sku = `demo-${randomUUID().slice(0, 8)}`;

    narrator.chapter('The storefront gets a token for orders, by the client-credentials flow');
    const token = await this.tokens.getToken({
      audience: callees.orders.audience,
      scopes: [...callees.orders.scopes],
    });
    narrator.show(claimsToShow(token.value));

    narrator.chapter('It stocks 3 of a new SKU and orders 2: orders calls inventory to reserve them');
    await this.inventory.stock.restock(sku, { quantity: 3 });
    const order = await this.orders.orders.place({ sku, quantity: 2 });
    narrator.expect(order.status === 'reserved', 'POST /orders', describe(order));
    const { quantity } = await this.inventory.stock.find(sku);
    narrator.expect(quantity === 1, 'GET /stock', `${quantity} left at inventory`);

    narrator.chapter('It orders 2 more, then restocks: inventory calls orders to report the fulfilment');
    const waiting = await this.orders.orders.place({ sku, quantity: 2 });
    narrator.expect(waiting.status === 'backordered', 'POST /orders', describe(waiting));
    await this.inventory.stock.restock(sku, { quantity: 5 });
    const fulfilled = await this.untilFulfilled(waiting.id);
    narrator.expect(fulfilled.status === 'fulfilled', 'GET /orders/:id', describe(fulfilled));

    narrator.chapter('It tries what it was not granted: to reserve stock itself');
    const scope = await refusalOf(
      this.inventory.reservations.reserve({ orderId: randomUUID(), sku, quantity: 1 }),
    );
    narrator.expect(
      scope.status === 403 && scope.code === 'scope_missing',
      'POST /reservations',
      show(scope),
    );
    narrator.tell(scope.challenge);

    narrator.chapter('It shows the token for orders to inventory');
    const audience = await refusalOfStrayToken(new URL(`/stock/${sku}`, inventoryUrl).href, token.value);
    narrator.expect(
      audience.status === 401 && audience.code === 'audience_mismatch',
      'GET /stock',
      show(audience),
    );
    narrator.tell(audience.challenge);

    narrator.chapter('It orders 10 times more: no call needs a new token');
    await this.inventory.stock.restock(sku, { quantity: 20 });
    const before = this.minted();
    for (let call = 0; call < 10; call++) await this.orders.orders.place({ sku, quantity: 1 });
    const minted = this.minted() - before;
    narrator.expect(minted === 0, '10 × POST /orders', `${minted} tokens minted by the storefront`);

    return narrator.end();
  }

  private minted(): number {
    return this.tokens.stats().reduce((total, { minted }) => total + minted, 0);
  }

  private async untilFulfilled(id: string): Promise<OrdersFindAnswer> {
    const deadline = performance.now() + fulfilledWithinMs;
    for (;;) {
      const order = await this.orders.orders.find(id);
      if (order.status === 'fulfilled' || performance.now() > deadline) return order;
      await delay(50);
    }
  }
}

const describe = ({ id, quantity, status }: OrdersFindAnswer): string =>
  `order ${id}, quantity ${quantity}, ${status}`;
const show = ({ status, code }: { status: number; code: string }): string => `${status} ${code}`;
