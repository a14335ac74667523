import { type DynamicModule, Module, type Provider } from '@nestjs/common';
import {
  type ClientGrpc,
  type ClientOptions,
  type ClientProxy,
  ClientProxyFactory,
  Transport,
} from '@nestjs/microservices';
import { findConnection } from '../module/find-connection.js';
import type { M2mModuleOptions } from '../module/m2m-module-options.js';
import { M2mTokens } from '../module/m2m-tokens.js';
import { MODULE_OPTIONS_TOKEN } from '../module/m2m.module-definition.js';
import { SenderBinding } from '../sender/sender-binding.js';
import { authenticateClient } from './authenticate-client.js';
import { authenticateGrpc } from './authenticate-grpc.js';
import { messagesToken } from './inject-m2m-messages.decorator.js';
import type { MessageClient } from './message-client.js';
import { MessageTokens } from './message-tokens.js';

/** Calls with machine-to-machine access tokens over TCP, Redis, NATS and gRPC. Needs `M2mModule.forRoot`. */
@Module({})
export class M2mMessagesModule {
  /**
   * Provides one authenticated client per callee, for `@InjectM2mMessages(callee)`. It is closed when the app is.
   *
   * @throws M2mError at boot: `connection_unknown`; `connection_misconfigured` where the transport carries no token, or
   * where tokens are bound to a DPoP key or a client certificate, of which messages carry no proof
   * @example
   * ```ts
   * M2mMessagesModule.register([
   *   { callee: 'inventory', client: { transport: Transport.NATS, options: { servers: ['nats://nats:4222'] } } },
   * ])
   * ```
   */
  static register(clients: readonly MessageClient[]): DynamicModule {
    const providers = clients.flatMap(provideClient);
    return {
      module: M2mMessagesModule,
      providers,
      exports: clients.map(({ callee }) => messagesToken(callee)),
    };
  }
}

function provideClient({ callee, client, inject = [] }: MessageClient): Provider[] {
  const optionsToken = `${messagesToken(callee)}_OPTIONS`;
  return [
    typeof client === 'function'
      ? { provide: optionsToken, inject, useFactory: client as (...dependencies: unknown[]) => unknown }
      : { provide: optionsToken, useValue: client },
    {
      provide: messagesToken(callee),
      inject: [MODULE_OPTIONS_TOKEN, M2mTokens, SenderBinding, optionsToken],
      useFactory: async (
        options: M2mModuleOptions,
        source: M2mTokens,
        sender: SenderBinding,
        transport: ClientOptions,
      ) => {
        const connection = findConnection(options, callee);
        const tokens = new MessageTokens(connection, source);
        if (connection.exchange)
          throw tokens.refusal('messages are sent for this service itself, not on behalf of a caller');
        if (sender.dpop)
          throw tokens.refusal('its token is bound to a DPoP key, of which messages carry no proof');
        if (sender.certificate)
          throw tokens.refusal('its token is bound to the client certificate, which messages do not present');
        return createClient(transport, tokens);
      },
    },
  ];
}

async function createClient(
  options: ClientOptions,
  tokens: MessageTokens,
): Promise<ClientProxy | ClientGrpc> {
  const client: ClientProxy = ClientProxyFactory.create(options);
  const close = { onApplicationShutdown: () => client.close() as unknown };
  return options.transport === Transport.GRPC
    ? Object.assign(await authenticateGrpc(client as unknown as ClientGrpc, tokens), close)
    : Object.assign(await authenticateClient(client, tokens), close);
}
