import { Module } from '@nestjs/common';
import { GraphQLModule, Mutation, Query, Resolver, Subscription } from '@nestjs/graphql';
import { MercuriusDriver, type MercuriusDriverConfig } from '@nestjs/mercurius';
import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { AuthModule, Caller, Public, RequireScopes } from '../src/index.js';
import { bearer, createApp } from './support/app.js';
import { DpopClient } from './support/dpop-client.js';
import { AUDIENCE, TestIssuer } from './support/issuer.js';

@Resolver()
class OrdersResolver {
  @Query(() => String)
  @RequireScopes('read:orders')
  order(@Caller() caller: Caller) {
    return `read by ${caller.clientId}`;
  }

  @Mutation(() => String)
  @RequireScopes('write:orders')
  place() {
    return 'placed';
  }

  @Query(() => String)
  @Public()
  price() {
    return 'free';
  }

  @Subscription(() => String)
  @RequireScopes('read:orders')
  async *placed() {
    yield { placed: 'one' };
  }

  @Subscription(() => String)
  @RequireScopes('read:orders')
  async *ticks() {
    yield { ticks: 'tick' };
    await new Promise(() => undefined);
  }
}

interface Answer {
  readonly data: Record<string, unknown> | null;
  readonly errors?: readonly { readonly message: string; readonly extensions?: Record<string, unknown> }[];
}

describe('GraphQL', () => {
  let issuer: TestIssuer;
  let url: string;
  let close: () => Promise<void>;

  beforeAll(async () => {
    issuer = await TestIssuer.start();
    @Module({
      imports: [
        AuthModule.forRoot({ issuer: issuer.url, audience: AUDIENCE, sender: { dpop: true } }),
        GraphQLModule.forRoot<MercuriusDriverConfig>({
          driver: MercuriusDriver,
          autoSchemaFile: true,
          subscription: { context: (_connection: unknown, req: unknown) => ({ req }) },
        } as MercuriusDriverConfig),
      ],
      providers: [OrdersResolver],
    })
    class AppModule {}
    const app = await createApp('fastify', { module: AppModule });
    await app.listen(0, '127.0.0.1');
    url = `${await app.getUrl()}/graphql`;
    close = () => app.close();
  });
  afterAll(async () => {
    await close?.();
    await issuer?.close();
  });

  async function ask(query: string, headers: Record<string, string> = {}): Promise<Answer> {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query }),
    });
    return (await response.json()) as Answer;
  }

  it('hands the caller to the resolver, for a new token and for a known one', async () => {
    const token = await issuer.mint();
    for (let call = 0; call < 2; call += 1) {
      expect(await ask('{ order }', bearer(token))).toEqual({ data: { order: 'read by storefront' } });
    }
  });

  it('answers a public field without a token, beside one that is refused', async () => {
    expect(await ask('{ price }')).toEqual({ data: { price: 'free' } });
  });

  it.each([
    ['no token', async () => ({}), 'token_missing', 401],
    ['a forged token', async () => bearer(await issuer.forge()), 'signature_invalid', 401],
    ['junk behind the token', async () => bearer(`${await issuer.mint()} junk`), 'request_malformed', 400],
  ])('refuses %s with the reason under extensions', async (_, headers, code, statusCode) => {
    const { data, errors } = await ask('{ order }', await headers());
    expect(data?.['order'] ?? null).toBeNull();
    expect(errors).toHaveLength(1);
    expect(errors?.[0]?.extensions).toMatchObject({ code, statusCode });
  });

  it('refuses a token without the scope, and names the scopes', async () => {
    const writer = bearer(await issuer.mint({ scope: 'write:orders' }));
    expect(await ask('mutation { place }', writer)).toEqual({ data: { place: 'placed' } });
    const { errors } = await ask('mutation { place }', bearer(await issuer.mint()));
    expect(errors?.[0]?.extensions).toMatchObject({
      code: 'scope_missing',
      statusCode: 403,
      scopes: ['write:orders'],
    });
  });

  it('uses a DPoP proof once for a request, whatever the number of its fields', async () => {
    const client = await DpopClient.create();
    const token = await issuer.mint({ claims: client.claims });
    const headers = await client.headers('POST', url, token);
    const found = 'read by storefront';
    expect(await ask('{ one: order two: order }', headers)).toEqual({ data: { one: found, two: found } });
    const { errors } = await ask('{ order }', headers);
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'sender_mismatch', error: 'invalid_dpop_proof' });
    const downgraded = await ask('{ order }', bearer(token));
    expect(downgraded.errors?.[0]?.extensions).toMatchObject({ code: 'sender_mismatch' });
  });

  it('checks a subscription by the token of its handshake', async () => {
    expect(await subscribe(bearer(await issuer.mint()))).toMatchObject({ data: { placed: 'one' } });
    expect(JSON.stringify(await subscribe({}))).toContain('token');
    expect(JSON.stringify(await subscribe(bearer(await issuer.mint({ scope: 'x' }))))).toContain('scope');
  });

  it('ends the connection of a subscription with 1008 when its token expires', async () => {
    const token = await issuer.mint({ expiresIn: 2 });
    const socket = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws', {
      headers: bearer(token),
    });
    const closed = new Promise<[code: number, at: number]>((resolve) =>
      socket.once('close', (code) => resolve([code, Date.now()])),
    );
    const received: string[] = [];
    socket.on('message', (data: Buffer) => received.push(data.toString()));
    await new Promise((resolve) => socket.once('open', resolve));
    socket.send(JSON.stringify({ type: 'connection_init' }));
    const payload = { query: 'subscription { ticks }' };
    socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload }));
    const [code, at] = await closed;
    expect(received.join()).toContain('"ticks":"tick"');
    expect(code).toBe(1008);
    const { exp } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as {
      exp: number;
    };
    expect(at).toBeGreaterThanOrEqual(exp * 1_000);
  });

  async function subscribe(headers: Record<string, string>): Promise<unknown> {
    class WithHeaders extends WebSocket {
      constructor(address: string, protocols: string | string[]) {
        super(address, protocols, { headers });
      }
    }
    const client = createClient({
      url: url.replace('http', 'ws'),
      webSocketImpl: WithHeaders,
      retryAttempts: 0,
    });
    try {
      return await new Promise((resolve) => {
        client.subscribe(
          { query: 'subscription { placed }' },
          { next: resolve, error: resolve, complete: () => resolve(undefined) },
        );
      });
    } finally {
      await client.dispose();
    }
  }
});
