import { defineService } from '@countersign/bootstrap';
import { authEnv } from '@countersign/guards';
import { secureDocument } from '@countersign/guards/openapi';
import { m2mEnv } from '@countersign/m2m';
import { AppModule } from './app/app.module.js';
import { callees, defaultUrls } from './callees.gen.js';
import { contractFile } from './contract.js';

/** The orders service: owns orders, and calls inventory to reserve what they need. */
export const service = defineService({
  contract: contractFile,
  environment: (contract) => ({ auth: authEnv(contract), m2m: m2mEnv(contract, callees, { defaultUrls }) }),
  module: ({ auth, m2m }) => AppModule.forRoot({ auth, m2m }),
  openapi: { title: 'Orders', description: 'Place, read and cancel orders.', document: secureDocument },
});
