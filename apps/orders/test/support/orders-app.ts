import { createService } from '@countersign/bootstrap';
import { readContract } from '@countersign/contract';
import {
  type EnvironmentIssuer,
  listen,
  LoopbackIssuer,
  type LoopbackIssuerOptions,
  type RunningApp,
  serviceEnvironment,
  serviceLoopbackOptions,
} from '@countersign/testing';
import type { INestApplication } from '@nestjs/common';
import { callees } from '../../src/callees.gen.js';
import { contractFile } from '../../src/contract.js';
import { service } from '../../src/service.js';

/** The contract of the service under test. */
export const contract = readContract(contractFile);

/** What an issuer needs to know of this service and its neighbours. */
export const issuerOptions = (clientSecret?: string): LoopbackIssuerOptions =>
  serviceLoopbackOptions(contract, callees, clientSecret === undefined ? {} : { clientSecret });

/** An issuer that knows {@link issuerOptions}. */
export const startIssuer = (): Promise<LoopbackIssuer> => LoopbackIssuer.start(issuerOptions());

/** The service, listening. */
export type RunningOrders = RunningApp<INestApplication>;

/** Boots the service in this process against an issuer and an inventory service. */
export async function startOrders(
  issuer: EnvironmentIssuer,
  inventoryUrl: string,
  adapter: 'fastify' | 'express' = 'fastify',
): Promise<RunningOrders> {
  const environment = serviceEnvironment(issuer, contract.service, { inventory: inventoryUrl });
  return listen<INestApplication>(await createService({ ...service, adapter }, environment));
}
