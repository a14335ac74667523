import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { AuthModule, Caller, RequireScopes } from '@countersign/guards';
import { freePort, LoopbackIssuer } from '@countersign/testing';
import { Metadata } from '@grpc/grpc-js';
import { headers as natsHeaders } from '@nats-io/transport-node';
import { Controller, type INestApplicationContext, type INestMicroservice, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  type ClientGrpc,
  type ClientOptions,
  type ClientProxy,
  EventPattern,
  GrpcMethod,
  GrpcStreamMethod,
  MessagePattern,
  type MicroserviceOptions,
  NatsRecordBuilder,
  Payload,
  Transport,
} from '@nestjs/microservices';
import {
  firstValueFrom,
  from,
  lastValueFrom,
  map,
  type Observable,
  reduce,
  repeat,
  timeout,
  toArray,
} from 'rxjs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { M2mModule, type M2mModuleOptions } from '../src/index.js';
import { M2mMessagesModule, messagesToken } from '../src/messages.js';
import { audience } from './support/app.js';
import { startAuthority } from './support/certificates.js';
import { errorOf, leaksIn } from './support/leaks.js';
import { type TestNats, testNats } from './support/nats.js';
import { testRedis, type TestRedis } from './support/redis.js';

const scopes = ['read:stock'];
/** Keeps runs on a shared broker apart. */
const run = randomUUID();
let events: string[] = [];

@Controller()
class StockController {
  @MessagePattern(`${run}.stock.find`)
  @RequireScopes('read:stock')
  find(@Payload() { sku }: { sku: string }, @Caller() caller: Caller) {
    return { sku, caller: caller.clientId };
  }

  @MessagePattern(`${run}.stock.reserve`)
  @RequireScopes('write:reservations')
  reserve() {
    return {};
  }

  @EventPattern<string>(`${run}.stock.moved`)
  @RequireScopes('read:stock')
  async moved(@Payload() { sku }: { sku: string }): Promise<void> {
    events.push(sku);
  }

  @GrpcMethod('Stock', 'Find')
  @RequireScopes('read:stock')
  grpcFind({ sku }: { sku: string }) {
    return { sku, quantity: 7 };
  }

  @GrpcMethod('Stock', 'Watch')
  @RequireScopes('read:stock')
  watch({ sku }: { sku: string }) {
    return from([1, 2, 3]).pipe(map((quantity) => ({ sku, quantity })));
  }

  @GrpcStreamMethod('Stock', 'Count')
  @RequireScopes('read:stock')
  count(requests: Observable<{ sku: string }>) {
    return requests.pipe(
      reduce((quantity) => quantity + 1, 0),
      map((quantity) => ({ sku: 'all', quantity })),
    );
  }

  @GrpcMethod('Stock', 'Reserve')
  @RequireScopes('write:reservations')
  grpcReserve() {
    return {};
  }
}

@Module({})
class CalleeModule {}

@Module({})
class CallerModule {}

let issuer: LoopbackIssuer;
let closers: (() => Promise<unknown>)[];

beforeAll(async () => {
  issuer = await LoopbackIssuer.start({
    apis: [{ audience, scopes: [...scopes, 'write:reservations'] }],
    clients: [{ clientId: 'orders', grants: { [audience]: scopes } }],
  });
});
afterAll(() => issuer.close());

beforeEach(() => {
  events = [];
  closers = [];
  issuer.recover();
  issuer.resetCounters();
});
afterEach(async () => {
  for (const close of closers.reverse()) await close();
});

async function startCallee(client: ClientOptions): Promise<INestMicroservice> {
  const auth = AuthModule.forRoot({ issuer: issuer.issuer, audience });
  const app = await NestFactory.createMicroservice<MicroserviceOptions>(
    { module: CalleeModule, imports: [auth], controllers: [StockController] },
    { ...(client as MicroserviceOptions), logger: false },
  );
  await app.listen();
  closers.push(() => app.close());
  return app;
}

async function startCaller(client: ClientOptions, extra: Partial<M2mModuleOptions> = {}) {
  const options = {
    issuer: issuer.issuer,
    clientId: 'orders',
    clientSecret: issuer.clientSecret('orders'),
    connections: { inventory: { baseUrl: 'http://127.0.0.1:9', audience, scopes } },
    ...extra,
  };
  const messages = M2mMessagesModule.register([{ callee: 'inventory', client }]);
  const app: INestApplicationContext = await NestFactory.createApplicationContext(
    { module: CallerModule, imports: [M2mModule.forRoot(options), messages] },
    { logger: false, abortOnError: false },
  );
  closers.push(() => app.close());
  return app;
}

const clientOf = async (client: ClientOptions, extra?: Partial<M2mModuleOptions>) =>
  (await startCaller(client, extra)).get<ClientProxy>(messagesToken('inventory'), { strict: false });
const answer = <T>(call: Observable<T>) => firstValueFrom(call.pipe(timeout(10_000)));

const nats: TestNats | undefined = await testNats();
const redis: TestRedis | undefined = await testRedis();
afterAll(async () => {
  await nats?.stop();
  await redis?.stop();
});

const transports: [name: string, there: boolean, options: () => Promise<ClientOptions>][] = [
  [
    'TCP',
    true,
    async () => ({ transport: Transport.TCP, options: { host: '127.0.0.1', port: await freePort() } }),
  ],
  [
    'Redis',
    redis !== undefined,
    async () => ({ transport: Transport.REDIS, options: { host: '127.0.0.1', port: redis?.port ?? 0 } }),
  ],
  [
    'NATS',
    nats !== undefined,
    async () => ({ transport: Transport.NATS, options: { servers: [`nats://127.0.0.1:${nats?.port}`] } }),
  ],
];

describe.each(transports)('messages over %s', (name, there, optionsOf) => {
  describe.skipIf(!there)('with the token of their connection', () => {
    let options: ClientOptions;
    let client: ClientProxy;

    beforeEach(async () => {
      options = await optionsOf();
      await startCallee(options);
      client = await clientOf(options);
    });

    const find = (sku: unknown = 'apple') => answer(client.send<unknown>(`${run}.stock.find`, { sku }));

    it('are accepted, and share one token', async () => {
      const answers = await Promise.all(['apple', 'pear', 'plum'].map((sku) => find(sku)));
      expect(answers).toEqual(['apple', 'pear', 'plum'].map((sku) => ({ sku, caller: 'orders' })));
      issuer.expectMints(1);
    });

    it('are accepted as events', async () => {
      client.emit(`${run}.stock.moved`, { sku: 'apple' });
      await expect.poll(() => events, { timeout: 10_000 }).toEqual(['apple']);
    });

    it('of a client without it are refused', async () => {
      const { ClientProxyFactory } = await import('@nestjs/microservices');
      const bare = ClientProxyFactory.create(options);
      closers.push(async () => void bare.close());
      expect(await errorOf(answer(bare.send(`${run}.stock.find`, { sku: 'apple' })))).toMatchObject({
        code: 'token_missing',
      });
      expect(await find()).toMatchObject({ sku: 'apple' });
    });

    it('are not sent at all where no token can be had', async () => {
      issuer.fault('token', { kind: 'oauth-error', error: 'invalid_client', status: 401 });
      expect(await errorOf(find())).toMatchObject({ code: 'client_rejected' });
      expect(await errorOf(lastValueFrom(client.emit(`${run}.stock.moved`, { sku: 'apple' })))).toMatchObject(
        {
          code: 'client_rejected',
        },
      );
      expect(events).toEqual([]);
    });

    it('are refused where the scope is missing, and not sent again', async () => {
      const error = await errorOf(answer(client.send(`${run}.stock.reserve`, {})));
      expect(error).toMatchObject({ code: 'scope_missing' });
      expect(leaksIn(error, [issuer.clientSecret('orders')])).toEqual([]);
      issuer.expectMints(1);
    });

    it('are sent once more where the token is refused', async () => {
      issuer.fault('token', { kind: 'skew', seconds: -7_200 }, { times: 1 });
      expect(await find()).toEqual({ sku: 'apple', caller: 'orders' });
      issuer.expectMints(2);
    });

    it('are sent twice at most', async () => {
      issuer.fault('token', { kind: 'skew', seconds: -7_200 });
      expect(await errorOf(find())).toMatchObject({ code: 'token_expired' });
      issuer.expectMints(2);
    });

    it('each subscription is a call of its own', async () => {
      const call = client.send<unknown>(`${run}.stock.find`, { sku: 'apple' });
      expect(await answer(call.pipe(repeat(2), toArray()))).toHaveLength(2);
    });

    it('keep what the app adds to them, but no credentials', async () => {
      const data: Record<string, unknown> = { sku: 'apple' };
      const record = (header: string): unknown => {
        if (name !== 'NATS') {
          client.setOnDispatchHook((packet) => (packet.metadata = { [header]: 'x' }));
          return data;
        }
        const headers = natsHeaders();
        headers.set(header, 'x');
        return new NatsRecordBuilder(data).setHeaders(headers).build();
      };
      expect(await answer(client.send(`${run}.stock.find`, record('x-trace')))).toMatchObject({
        sku: 'apple',
      });
      expect(await errorOf(answer(client.send(`${run}.stock.find`, record('Authorization'))))).toMatchObject({
        code: 'connection_misconfigured',
      });
    });
  });
});

interface StockService {
  find(request: object, ...rest: unknown[]): Observable<unknown>;
  watch(request: object): Observable<unknown>;
  count(requests: Observable<object>): Observable<unknown>;
  reserve(request: object): Observable<unknown>;
}

describe('gRPC calls with the token of their connection', () => {
  let client: ClientGrpc;
  let stock: StockService;

  beforeEach(async () => {
    const protoPath = fileURLToPath(new URL('./fixtures/stock.proto', import.meta.url));
    const options = { package: 'stock', protoPath, url: `127.0.0.1:${await freePort()}` };
    await startCallee({ transport: Transport.GRPC, options });
    const app = await startCaller({ transport: Transport.GRPC, options });
    client = app.get<ClientGrpc>(messagesToken('inventory'), { strict: false });
    stock = client.getService<StockService>('Stock');
  });

  it('are accepted: one answer, a stream of answers, a stream of requests', async () => {
    expect(await answer(stock.find({ sku: 'apple' }))).toEqual({ sku: 'apple', quantity: 7 });
    expect(await answer(stock.watch({ sku: 'pear' }).pipe(toArray()))).toHaveLength(3);
    expect(await answer(stock.count(from([{ sku: 'a' }, { sku: 'b' }])))).toEqual({
      sku: 'all',
      quantity: 2,
    });
    issuer.expectMints(1);
  });

  it('keep metadata and options of the call, but no credentials', async () => {
    const metadata = new Metadata();
    metadata.set('x-trace', '1');
    expect(await answer(stock.find({ sku: 'apple' }, metadata))).toMatchObject({ quantity: 7 });
    expect(metadata.getMap()).toEqual({ 'x-trace': '1' });
    expect(await answer(stock.find({ sku: 'apple' }, { deadline: Date.now() + 60_000 }))).toMatchObject({
      quantity: 7,
    });
    metadata.set('authorization', 'Bearer mine');
    expect(await errorOf(answer(stock.find({ sku: 'apple' }, metadata)))).toMatchObject({
      code: 'connection_misconfigured',
    });
  });

  it('are refused where the scope is missing', async () => {
    const error = await errorOf(answer(stock.reserve({ sku: 'apple' })));
    expect((error as unknown as { metadata: Metadata }).metadata.get('error-code')).toEqual([
      'scope_missing',
    ]);
    issuer.expectMints(1);
  });

  it('are sent once more where the token is refused, unless the request is a stream', async () => {
    issuer.fault('token', { kind: 'skew', seconds: -7_200 }, { times: 1 });
    expect(await answer(stock.find({ sku: 'apple' }))).toMatchObject({ quantity: 7 });
    issuer.expectMints(2);
  });

  it('a stream of requests is not sent twice', async () => {
    issuer.fault('token', { kind: 'skew', seconds: -7_200 }, { times: 1 });
    const error = await errorOf(answer(stock.count(from([{ sku: 'a' }]))));
    expect((error as unknown as { metadata: Metadata }).metadata.get('error-code')).toEqual([
      'token_expired',
    ]);
    expect(await answer(stock.count(from([{ sku: 'a' }])))).toMatchObject({ quantity: 1 });
  });

  it('the bare client, which would send without a token, is not handed out', () => {
    expect(() => void client.getClientByServiceName<object>('Stock')).toThrow(/without a token/);
  });
});

describe('the boot', () => {
  const tcp: ClientOptions = { transport: Transport.TCP, options: { host: '127.0.0.1', port: 9 } };

  it('stops where tokens are bound to a DPoP key', async () => {
    expect(await errorOf(clientOf(tcp, { dpop: true }))).toMatchObject({ code: 'connection_misconfigured' });
    expect(await clientOf(tcp)).toHaveProperty('send');
  });

  it('stops where tokens are bound to a client certificate', async () => {
    const { certificate, key } = await (await startAuthority()).issue('orders');
    const options: Partial<M2mModuleOptions> = {
      tokenUrl: 'https://127.0.0.1:9/token',
      issuer: 'https://127.0.0.1:9/',
      connections: { inventory: { baseUrl: 'https://127.0.0.1:9', audience, scopes } },
    };
    const bound = await errorOf(clientOf(tcp, { ...options, mtls: { certificate, key } }));
    expect(bound).toMatchObject({
      code: 'connection_misconfigured',
      message: expect.stringContaining('client certificate') as string,
    });
    expect(await clientOf(tcp, options)).toHaveProperty('send');
  });

  it('stops for a connection that acts on behalf of callers', async () => {
    const inventory = { baseUrl: 'http://127.0.0.1:9', audience, scopes };
    const acting = { connections: { inventory: { ...inventory, exchange: true } } };
    expect(await errorOf(clientOf(tcp, acting))).toMatchObject({ code: 'connection_misconfigured' });
    expect(await clientOf(tcp)).toHaveProperty('send');
  });

  it('stops for a callee that is no connection', async () => {
    expect(await errorOf(clientOf(tcp, { connections: {} }))).toMatchObject({ code: 'connection_unknown' });
  });
});
