import { defineService } from '@countersign/bootstrap';
import type { FastifyInstance } from 'fastify';
import { actionsEnv } from './configuration/actions.environment.js';
import { protectionEnv } from './configuration/protection.environment.js';
import { issuerEnv } from './configuration/issuer.environment.js';
import { Issuer } from './issuer.js';
import { IssuerModule } from './issuer.module.js';
import { mountEndpoints } from './protocol/mount-endpoints.js';

/** The local authorization server as a service: Auth0's machine-to-machine side, without an account. */
export const issuerService = defineService({
  name: 'issuer',
  port: 4100,
  environment: () => ({
    issuer: issuerEnv(import.meta.dirname),
    actions: actionsEnv(import.meta.dirname),
    protection: protectionEnv(),
  }),
  module: ({ issuer, actions, protection, server }) =>
    IssuerModule.forRoot({ ...issuer, actions, protection }, server),
  openapi: false,
  configure: (app) => {
    const issuer = app.get(Issuer);
    mountEndpoints(app.getHttpAdapter().getInstance() as FastifyInstance, {
      issuer: issuer.options.issuer,
      directories: issuer.directories,
      token: issuer.token,
      faults: issuer.faults,
      onFault: (error) => issuer.fault(error),
    });
  },
});
