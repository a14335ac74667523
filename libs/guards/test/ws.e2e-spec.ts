import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { Caller, Public, RequireScopes, type VerifiedToken } from '../src/index.js';
import { AuthWsAdapter } from '../src/ws.js';
import { ADAPTERS, appModule, bearer, createApp } from './support/app.js';
import { AUDIENCE, TestIssuer } from './support/issuer.js';

@WebSocketGateway({ path: '/events' })
class EventsGateway {
  @SubscribeMessage('read')
  @RequireScopes('read:orders')
  read(@Caller() caller: Caller) {
    return { event: 'read', data: { clientId: caller.clientId } };
  }

  @SubscribeMessage('write')
  @RequireScopes('write:orders')
  write() {
    return { event: 'write', data: {} };
  }

  @SubscribeMessage('open')
  @Public()
  open() {
    return { event: 'open', data: {} };
  }
}

interface Refused {
  readonly status: number | undefined;
  readonly challenge: string | undefined;
  readonly body: unknown;
}

async function connect(url: string, headers: Record<string, string>): Promise<WebSocket | Refused> {
  const client = new WebSocket(url, { headers });
  return new Promise((resolve, reject) => {
    client.once('open', () => resolve(client)).once('error', reject);
    client.once('unexpected-response', (_request, response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode,
          challenge: response.headers['www-authenticate'],
          body: JSON.parse(text) as unknown,
        }),
      );
    });
  });
}

async function connected(url: string, headers: Record<string, string>): Promise<WebSocket> {
  const client = await connect(url, headers);
  if (!(client instanceof WebSocket)) throw new Error(`refused: ${JSON.stringify(client)}`);
  return client;
}

function ask(client: WebSocket, event: string, data: object = {}): Promise<unknown> {
  return new Promise((resolve) => {
    client.once('message', (message: Buffer) => resolve(JSON.parse(message.toString())));
    client.send(JSON.stringify({ event, data }));
  });
}

describe.each(ADAPTERS)('WebSocket on %s', (adapter) => {
  let issuer: TestIssuer;
  let url: string;
  let anonymousUrl: string;
  const denied = new Set<string | undefined>();
  const denylist = { denies: ({ tokenId }: VerifiedToken) => denied.has(tokenId) };
  const closers: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    issuer = await TestIssuer.start();
    [url, anonymousUrl] = await Promise.all([start(false), start(true)]);
  });
  afterAll(async () => {
    await Promise.all(closers.map((close) => close()));
    await issuer?.close();
  });

  async function start(anonymous: boolean): Promise<string> {
    const module = appModule({ issuer: issuer.url, audience: AUDIENCE, denylist }, [], [EventsGateway]);
    const app = await createApp(adapter, module);
    app.useWebSocketAdapter(new AuthWsAdapter(app, { anonymous }));
    await app.listen(0, '127.0.0.1');
    closers.push(() => app.close());
    return `${(await app.getUrl()).replace('http', 'ws')}/events`;
  }

  it('connects a client with a token, and hands the caller to the handler', async () => {
    const client = await connected(url, bearer(await issuer.mint()));
    expect(await ask(client, 'read')).toEqual({ event: 'read', data: { clientId: 'storefront' } });
    expect(await ask(client, 'read')).toEqual({ event: 'read', data: { clientId: 'storefront' } });
    client.close();
  });

  it.each([
    ['without a token', async () => ({}), 401, 'token_missing'],
    ['with a forged token', async () => bearer(await issuer.forge()), 401, 'signature_invalid'],
    [
      'with junk behind the token',
      async () => bearer(`${await issuer.mint()} junk`),
      400,
      'request_malformed',
    ],
  ])('refuses the handshake of a client %s as any other request', async (_, headers, status, code) => {
    expect(await connect(url, await headers())).toEqual({
      status,
      challenge: expect.stringContaining('Bearer realm=') as string,
      body: expect.objectContaining({ statusCode: status, code }) as object,
    });
  });

  it('refuses a token in the query beside the one in the header', async () => {
    const token = await issuer.mint();
    expect(await connect(`${url}?access_token=${token}`, bearer(token))).toMatchObject({ status: 400 });
  });

  it('refuses a message that the caller has not the scope for, and keeps the connection', async () => {
    const client = await connected(url, bearer(await issuer.mint()));
    expect(await ask(client, 'write')).toEqual({
      event: 'exception',
      data: {
        status: 'error',
        statusCode: 403,
        error: 'insufficient_scope',
        message: expect.any(String) as string,
        code: 'scope_missing',
      },
    });
    expect(await ask(client, 'read')).toMatchObject({ event: 'read' });
    client.close();
    const writer = await connected(url, bearer(await issuer.mint({ scope: 'write:orders' })));
    expect(await ask(writer, 'write')).toEqual({ event: 'write', data: {} });
    writer.close();
  });

  it('closes the connection when the token expires', async () => {
    const client = await connected(url, bearer(await issuer.mint({ expiresIn: 2 })));
    expect(await ask(client, 'read')).toMatchObject({ event: 'read' });
    const closed = await new Promise((resolve) =>
      client.once('close', (code, reason) => resolve([code, reason.toString()])),
    );
    expect(closed).toEqual([1008, 'token_expired']);
  });

  it('refuses the messages of a token that was denied after it connected', async () => {
    const client = await connected(url, bearer(await issuer.mint({ claims: { jti: 'to-be-denied' } })));
    expect(await ask(client, 'read')).toMatchObject({ event: 'read' });
    denied.add('to-be-denied');
    expect(await ask(client, 'read')).toMatchObject({
      event: 'exception',
      data: { code: 'token_not_active' },
    });
    client.close();
  });

  it('connects a client without a token where that is allowed, for public messages alone', async () => {
    const client = await connected(anonymousUrl, {});
    expect(await ask(client, 'open')).toEqual({ event: 'open', data: {} });
    const payload = { authorization: `Bearer ${await issuer.mint()}` };
    expect(await ask(client, 'read', payload)).toMatchObject({
      event: 'exception',
      data: { code: 'token_missing' },
    });
    client.close();
    expect(await connect(anonymousUrl, bearer(await issuer.forge()))).toMatchObject({ status: 401 });
  });
});
