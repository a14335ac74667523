import { Readiness, type ServerOptions } from '@countersign/bootstrap';
import { AuthModule } from '@countersign/guards';
import { Module, type DynamicModule } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { IssuerOptions } from './configuration/issuer.environment.js';
import { managementAudience } from './contracts/management-scopes.js';
import { Issuer } from './issuer.js';
import { ActionsController } from './management/actions.controller.js';
import { ClientCredentialsController } from './management/client-credentials.controller.js';
import { ClientGrantsController } from './management/client-grants.controller.js';
import { ClientsController } from './management/clients.controller.js';
import { EventsController } from './management/events.controller.js';
import { FaultsController } from './management/faults.controller.js';
import { OrganizationsController } from './management/organizations.controller.js';
import { ResourceServersController } from './management/resource-servers.controller.js';
import { SigningKeysController } from './management/signing-keys.controller.js';
import { TriggersController } from './management/triggers.controller.js';
import { TlsListener } from './tls/tls-listener.js';

/** The authorization server as a Nest module. */
@Module({})
export class IssuerModule {
  static forRoot(options: IssuerOptions, server: ServerOptions): DynamicModule {
    return {
      module: IssuerModule,
      imports: [
        AuthModule.forRoot({
          issuer: options.issuer,
          audience: managementAudience(options.issuer),
          jwksUri: ownJwksUri(options, server),
          prefetch: false,
        }),
      ],
      controllers: [
        ResourceServersController,
        ClientsController,
        ClientCredentialsController,
        ClientGrantsController,
        SigningKeysController,
        ActionsController,
        TriggersController,
        OrganizationsController,
        FaultsController,
        EventsController,
      ],
      providers: [
        {
          provide: TlsListener,
          inject: [HttpAdapterHost],
          useFactory: (http: HttpAdapterHost) => new TlsListener(options, http, server.host),
        },
        {
          provide: Issuer,
          inject: [Readiness],
          useFactory: async (readiness: Readiness) => {
            const issuer = await Issuer.open(options);
            readiness.add('store', async () => void (await issuer.store.revision()));
            return issuer;
          },
        },
      ],
    };
  }
}

/** Where the management API finds its own keys: over the loopback interface, whatever name it has outside. */
function ownJwksUri({ issuer }: IssuerOptions, { host, port }: ServerOptions): string {
  if (port === 0) return `${issuer}.well-known/jwks.json`;
  const everywhere = host === '0.0.0.0' || host === '::';
  const name = everywhere ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
  return `http://${name}:${port}/.well-known/jwks.json`;
}
