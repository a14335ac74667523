import { createService } from '@countersign/bootstrap';
import { runAuthConformance } from '@countersign/testing/conformance';
import { service } from '../src/service.js';

for (const adapter of ['fastify', 'express'] as const)
  runAuthConformance({
    name: `inventory on ${adapter}`,
    start: async (issuer) => {
      const app = await createService(
        { ...service, adapter },
        {
          AUTH_ISSUER: issuer.issuer,
          M2M_CLIENT_ID: 'inventory',
          M2M_CLIENT_SECRET: 'not-used-by-any-case',
          ORDERS_URL: 'http://127.0.0.1:9',
          LOG_LEVEL: 'silent',
        },
      );
      await app.listen(0, '127.0.0.1');
      return { baseUrl: await app.getUrl(), close: () => app.close() };
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
