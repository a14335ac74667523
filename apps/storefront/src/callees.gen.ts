// Generated from the contracts by `nx sync`. Do not edit.

/** The services that storefront calls: the audience of each, and the scopes to ask for. */
export const callees = {
  inventory: { audience: 'https://inventory.countersign.example', scopes: ['read:stock', 'write:stock'] },
  orders: { audience: 'https://orders.countersign.example', scopes: ['read:orders', 'write:orders'] },
} as const;

/** Where they are on a laptop. */
export const defaultUrls = {
  inventory: 'http://localhost:4102',
  orders: 'http://localhost:4101',
} as const;
