import { createService } from '@countersign/bootstrap';
import { runAuthConformance } from '@countersign/testing/conformance';
import { service } from '../src/service.js';

for (const adapter of ['fastify', 'express'] as const)
  runAuthConformance({
    name: `orders on ${adapter}`,
    start: async (issuer) => {
      const app = await createService(
        { ...service, adapter },
        {
          AUTH_ISSUER: issuer.issuer,
          M2M_CLIENT_ID: 'orders',
          M2M_CLIENT_SECRET: 'not-used-by-any-case',
          INVENTORY_URL: 'http://127.0.0.1:9',
          LOG_LEVEL: 'silent',
        },
      );
      await app.listen(0, '127.0.0.1');
      return { baseUrl: await app.getUrl(), close: () => app.close() };
    },
    request: { method: 'GET', path: '/orders' },
    audience: 'https://orders.countersign.example',
    scopes: ['read:orders'],
    clientId: 'storefront',
  });
