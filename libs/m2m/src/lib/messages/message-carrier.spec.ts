import { ClientProxy, ClientTCP } from '@nestjs/microservices';
import { describe, expect, it } from 'vitest';
import { connectionOf } from '../http/connection.js';
import { carrierOf } from './message-carrier.js';
import { MessageTokens } from './message-tokens.js';

class ClientOfAnotherKind extends ClientProxy {
  override connect = async () => undefined;
  override close = () => undefined;
  override unwrap = () => ({}) as never;
  protected override publish = () => () => undefined;
  protected override dispatchEvent = async () => undefined as never;
}

const tokens = new MessageTokens(
  connectionOf('inventory', { baseUrl: 'http://127.0.0.1', audience: 'https://inventory.example' }),
  { getToken: () => Promise.reject(new Error('none')), peek: () => undefined, drop: () => false },
);

describe('a transport', () => {
  it('over which nobody would find the token is refused by name', async () => {
    await expect(carrierOf(new ClientOfAnotherKind(), tokens)).rejects.toMatchObject({
      code: 'connection_misconfigured',
      message: expect.stringContaining('ClientOfAnotherKind') as string,
    });
    expect(await carrierOf(new ClientTCP({}) as unknown as ClientProxy, tokens)).toBeTypeOf('function');
  });
});
