import type { AddressInfo } from 'node:net';
import { createService } from '@countersign/bootstrap';
import { readContract } from '@countersign/contract';
import { LoopbackIssuer, type LoopbackIssuerOptions } from '@countersign/testing';
import type { INestApplication } from '@nestjs/common';
import { contractFile } from '../../src/contract.js';
import { callees } from '../../src/callees.gen.js';
import { service } from '../../src/service.js';

/** The contract of the service under test. */
export const contract = readContract(contractFile);

/**
 * What an issuer needs to know of this service, its clients and the service it calls.
 *
 * @param secret of the service's own client; default: a random one
 */
export function issuerOptions(secret?: string): LoopbackIssuerOptions {
  const { audience, scopes } = callees.orders;
  return {
    apis: [
      { audience: contract.audience!, scopes: Object.keys(contract.scopes) },
      { audience, scopes: [...scopes] },
    ],
    clients: [
      { clientId: contract.service, ...(secret !== undefined && { clientSecret: secret }) },
      { clientId: 'storefront' },
      { clientId: 'orders' },
    ],
  };
}

/** An issuer that knows {@link issuerOptions}. */
export const startIssuer = (): Promise<LoopbackIssuer> => LoopbackIssuer.start(issuerOptions());

/** The service, listening. */
export interface RunningInventory {
  readonly app: INestApplication;
  readonly url: string;
}

/** Boots the service in this process against an issuer and an orders service. */
export async function startInventory(
  issuer: { readonly issuer: string; clientSecret(clientId: string): string },
  ordersUrl: string,
  adapter: 'fastify' | 'express' = 'fastify',
): Promise<RunningInventory> {
  const app = await createService(
    { ...service, adapter },
    {
      LOG_LEVEL: 'silent',
      NODE_ENV: 'test',
      AUTH_ISSUER: issuer.issuer,
      M2M_CLIENT_ID: contract.service,
      M2M_CLIENT_SECRET: issuer.clientSecret(contract.service),
      ORDERS_URL: ordersUrl,
    },
  );
  await app.listen(0, '127.0.0.1');
  const { port } = (app.getHttpServer() as { address(): AddressInfo }).address();
  return { app, url: `http://127.0.0.1:${port}` };
}
