import { NatsRecord, NatsRecordBuilder } from '@nestjs/microservices';
import type { MsgHdrs } from '@nats-io/transport-node';
import type { MessageCarrier } from './message-carrier.js';
import type { MessageTokens } from './message-tokens.js';

/** Puts the token into the `Authorization` header of each message, beside the headers that its record has. */
export async function natsCarrier(tokens: MessageTokens): Promise<MessageCarrier> {
  const { headers: createHeaders } = await import('@nats-io/transport-node');
  return (data, token) => {
    const record = data instanceof NatsRecord ? data : undefined;
    const headers = createHeaders();
    for (const [name, value] of entriesOf(record?.headers as MsgHdrs | undefined)) {
      if (name.toLowerCase() === 'authorization')
        throw tokens.refusal('its headers bring an Authorization of their own');
      headers.append(name, value);
    }
    headers.set('Authorization', token.authorization);
    return new NatsRecordBuilder<unknown>(record ? record.data : data).setHeaders(headers).build();
  };
}

const entriesOf = (headers: MsgHdrs | undefined): [string, string][] =>
  headers?.keys().flatMap((name) => headers.values(name).map((value): [string, string] => [name, value])) ??
  [];
