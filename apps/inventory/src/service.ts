import { defineService } from '@countersign/bootstrap';
import { authEnv } from '@countersign/guards';
import { secureDocument } from '@countersign/guards/openapi';
import { m2mEnv } from '@countersign/m2m';
import { AppModule } from './app/app.module.js';
import { callees, defaultUrls } from './callees.gen.js';
import { contractFile } from './contract.js';

/** The inventory service: owns stock and reservations, and calls orders to report fulfilments. */
export const service = defineService({
  contract: contractFile,
  environment: (contract) => ({ auth: authEnv(contract), m2m: m2mEnv(contract, callees, { defaultUrls }) }),
  module: ({ auth, m2m }) => AppModule.forRoot({ auth, m2m }),
  openapi: {
    title: 'Inventory',
    description: 'Read and set stock, reserve and release it.',
    document: secureDocument,
  },
});
