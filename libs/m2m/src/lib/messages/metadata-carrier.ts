import type { ClientProxy, ReadPacket } from '@nestjs/microservices';
import type { AccessToken } from '../tokens/access-token.js';
import type { MessageCarrier } from './message-carrier.js';
import type { MessageTokens } from './message-tokens.js';

type DispatchHook = (packet: ReadPacket) => void;

/**
 * Puts the token into the metadata of each packet, by the client's dispatch hook. A hook of the app runs before it.
 *
 * @throws M2mError `connection_misconfigured`, as the error of the call, where the app's hook sets `authorization`
 */
export function metadataCarrier(client: ClientProxy, tokens: MessageTokens): MessageCarrier {
  let latest: AccessToken | undefined;
  let hookOfApp: DispatchHook | undefined;
  client.setOnDispatchHook((packet) => {
    hookOfApp?.(packet);
    const { metadata = {} } = packet;
    if (Object.keys(metadata).some((name) => name.toLowerCase() === 'authorization'))
      throw tokens.refusal('its metadata brings an authorization of its own');
    if (latest === undefined) throw tokens.refusal('there is no token');
    packet.metadata = { ...metadata, authorization: latest.authorization };
  });
  client.setOnDispatchHook = (hook: DispatchHook) => void (hookOfApp = hook);
  return (data, token) => {
    latest = token;
    return data;
  };
}
