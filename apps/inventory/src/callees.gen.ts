// Generated from the contracts by `nx sync`. Do not edit.

/** The services that inventory calls: the audience of each, and the scopes to ask for. */
export const callees = {
  orders: { audience: 'https://orders.countersign.example', scopes: ['write:fulfilments'] },
} as const;

/** Where they are on a laptop. */
export const defaultUrls = {
  orders: 'http://localhost:4101',
} as const;
