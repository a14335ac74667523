import { runAuthConformance } from '@countersign/testing/conformance';
import { startOrders } from './support/orders-app.js';

for (const adapter of ['fastify', 'express'] as const)
  runAuthConformance({
    name: `orders on ${adapter}`,
    start: async ({ issuer }) => {
      const client = { issuer, clientSecret: () => 'not-used-by-any-case' };
      const { url, close } = await startOrders(client, 'http://127.0.0.1:9', adapter);
      return { baseUrl: url, close };
    },
    request: { method: 'GET', path: '/orders' },
    audience: 'https://orders.countersign.example',
    scopes: ['read:orders'],
    clientId: 'storefront',
  });
