// Generated from the contracts by `nx sync`. Do not edit.

/** The services that orders calls: the audience of each, and the scopes to ask for. */
export const callees = {
  inventory: {
    audience: 'https://inventory.countersign.example',
    scopes: ['read:stock', 'write:reservations'],
  },
} as const;

/** Where they are on a laptop. */
export const defaultUrls = {
  inventory: 'http://localhost:4102',
} as const;
