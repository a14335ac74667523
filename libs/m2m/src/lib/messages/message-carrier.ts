import { type ClientProxy, ClientNats, ClientRedis, ClientTCP } from '@nestjs/microservices';
import type { AccessToken } from '../tokens/access-token.js';
import type { MessageTokens } from './message-tokens.js';
import { metadataCarrier } from './metadata-carrier.js';
import { natsCarrier } from './nats-carrier.js';

/** Makes the data of a message carry a token. Throws where the message brings credentials of its own. */
export type MessageCarrier = (data: unknown, token: AccessToken) => unknown;

/**
 * How the messages of a client carry a token: in the metadata of the packet over TCP and Redis, in a header over NATS.
 *
 * @throws M2mError `connection_misconfigured` for any other transport, over which nobody would find the token
 */
export async function carrierOf(client: ClientProxy, tokens: MessageTokens): Promise<MessageCarrier> {
  if (isOf(client, ClientTCP, ClientRedis)) return metadataCarrier(client, tokens);
  if (isOf(client, ClientNats)) return natsCarrier(tokens);
  throw tokens.refusal(`messages of ${client.constructor.name} carry no token; use TCP, Redis, NATS or gRPC`);
}

/** Nest's clients differ in the type of their status alone. */
const isOf = (client: object, ...types: readonly (abstract new (...args: never[]) => object)[]): boolean =>
  types.some((type) => client instanceof type);
