import { runAuthConformance } from '@countersign/testing/conformance';
import { startInventory } from './support/inventory-app.js';

for (const adapter of ['fastify', 'express'] as const)
  runAuthConformance({
    name: `inventory on ${adapter}`,
    start: async ({ issuer }) => {
      const client = { issuer, clientSecret: () => 'not-used-by-any-case' };
      const { url, close } = await startInventory(client, 'http://127.0.0.1:9', adapter);
      return { baseUrl: url, close };
    },
    request: {
      method: 'DELETE',
      path: '/reservations/00000000-0000-4000-8000-000000000000',
      accepted: (status) => status < 400 || status === 404,
    },
    audience: 'https://inventory.countersign.example',
    scopes: ['write:reservations'],
    clientId: 'orders',
  });
