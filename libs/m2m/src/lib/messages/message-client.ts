import type { CalleeName } from '@countersign/contract';
import type { InjectionToken, OptionalFactoryDependency } from '@nestjs/common';
import type { ClientOptions } from '@nestjs/microservices';

/** A callee that is called by messages. */
export interface MessageClient {
  /** Its connection in the options of `M2mModule`, which says audience, scopes and timeout. */
  readonly callee: CalleeName;
  /** The client as Nest's `ClientsModule` takes it, over TCP, Redis, NATS or gRPC; or a factory. */
  readonly client: ClientOptions | MessageClientFactory;
  /** What the factory is called with. Default nothing. */
  readonly inject?: (InjectionToken | OptionalFactoryDependency)[];
}

/** Makes the options of a client from what is injected. */
export type MessageClientFactory = (...dependencies: never[]) => ClientOptions | Promise<ClientOptions>;
