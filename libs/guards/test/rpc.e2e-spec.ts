import { fileURLToPath } from 'node:url';
import { Controller, type NestHybridApplicationOptions } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  type ClientGrpc,
  ClientProxyFactory,
  type ClientProxy,
  GrpcMethod,
  MessagePattern,
  type MicroserviceOptions,
  NatsRecordBuilder,
  Payload,
  Transport,
} from '@nestjs/microservices';
import { Metadata } from '@grpc/grpc-js';
import { headers as natsHeaders } from '@nats-io/transport-node';
import { firstValueFrom, type Observable, timeout } from 'rxjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Authenticated, Caller, Public, RequireScopes } from '../src/index.js';
import { appModule, createApp } from './support/app.js';
import { AUDIENCE, TestIssuer } from './support/issuer.js';
import { freePort, type Service, startNats, startRedis } from './support/services.js';

@Controller()
class OrdersController {
  @MessagePattern('countersign.orders.find')
  @RequireScopes('read:orders')
  find(@Payload() _: unknown, @Caller() caller: Caller) {
    return { clientId: caller.clientId };
  }

  @MessagePattern('countersign.orders.write')
  @RequireScopes('write:orders')
  write() {
    return {};
  }

  @MessagePattern('countersign.orders.open')
  @Public()
  open() {
    return { open: true };
  }

  @GrpcMethod('Orders', 'Find')
  @Authenticated()
  grpcFind(_: unknown, __: unknown, ___: unknown) {
    return { clientId: 'found' };
  }

  @GrpcMethod('Orders', 'Guarded')
  @RequireScopes('write:orders')
  grpcGuarded() {
    return { clientId: 'found' };
  }
}

type Sender = (
  client: ClientProxy,
  pattern: string,
  authorization: string | string[] | undefined,
  data?: object,
) => Promise<unknown>;

/** TCP and Redis carry metadata beside the payload; the dispatch hook attaches it. */
const withMetadata: Sender = (client, pattern, authorization, data = {}) => {
  client.setOnDispatchHook((packet) => {
    if (authorization === undefined) delete packet.metadata;
    else packet.metadata = { Authorization: authorization } as never;
  });
  return answerOf(client.send(pattern, data));
};

const withHeaders: Sender = (client, pattern, authorization, data = {}) => {
  const record = new NatsRecordBuilder(data);
  const headers = natsHeaders();
  for (const value of [authorization ?? []].flat()) headers.append('Authorization', value);
  return answerOf(client.send(pattern, record.setHeaders(headers).build()));
};

function answerOf<T>(answer: Observable<T>): Promise<unknown> {
  return firstValueFrom(answer.pipe(timeout(5_000))).catch((error: unknown) => error);
}

const transports: [
  name: string,
  start: () => Promise<Service | undefined>,
  options: (port: number) => MicroserviceOptions,
  send: Sender,
][] = [
  [
    'TCP',
    async () => ({ port: await freePort(), stop: async () => undefined }),
    (port) => ({ transport: Transport.TCP, options: { host: '127.0.0.1', port } }),
    withMetadata,
  ],
  [
    'Redis',
    startRedis,
    (port) => ({ transport: Transport.REDIS, options: { host: '127.0.0.1', port } }),
    withMetadata,
  ],
  [
    'NATS',
    startNats,
    (port) => ({ transport: Transport.NATS, options: { servers: [`nats://127.0.0.1:${port}`] } }),
    withHeaders,
  ],
];

const services = await Promise.all(transports.map(([, start]) => start()));
afterAll(async () => {
  for (const service of services) await service?.stop();
});

transports.forEach(([name, , optionsOf, send], index) => {
  const service = services[index];
  describe.skipIf(!service)(`RPC over ${name}`, () => {
    let issuer: TestIssuer;
    let client: ClientProxy;
    let close: () => Promise<void>;

    beforeAll(async () => {
      issuer = await TestIssuer.start();
      const options = optionsOf((service as Service).port);
      const module = appModule({ issuer: issuer.url, audience: AUDIENCE }, [OrdersController]);
      const app = await NestFactory.createMicroservice<MicroserviceOptions>(module, {
        ...options,
        logger: false,
      } as never);
      await app.listen();
      client = ClientProxyFactory.create(options as never) as unknown as ClientProxy;
      await client.connect();
      close = async () => {
        await client.close();
        await app.close();
      };
    });
    afterAll(async () => {
      await close?.();
      await issuer?.close();
    });

    it('hands the caller to the handler, for a new token and for a known one', async () => {
      const authorization = `Bearer ${await issuer.mint()}`;
      for (let call = 0; call < 2; call += 1) {
        expect(await send(client, 'countersign.orders.find', authorization)).toEqual({
          clientId: 'storefront',
        });
      }
    });

    it('answers a public handler without a token', async () => {
      expect(await send(client, 'countersign.orders.open', undefined)).toEqual({ open: true });
    });

    it('refuses a message without a token', async () => {
      expect(await send(client, 'countersign.orders.find', undefined)).toEqual({
        status: 'error',
        statusCode: 401,
        message: expect.any(String) as string,
        code: 'token_missing',
      });
    });

    it('does not read a token out of the payload', async () => {
      const authorization = `Bearer ${await issuer.mint()}`;
      const payload = { authorization, headers: { authorization }, metadata: { authorization } };
      expect(await send(client, 'countersign.orders.find', undefined, payload)).toMatchObject({
        code: 'token_missing',
      });
    });

    it('refuses two tokens, and one with junk behind it', async () => {
      const authorization = `Bearer ${await issuer.mint()}`;
      for (const sent of [
        [authorization, authorization],
        `${authorization} junk`,
        `${authorization}, ${authorization}`,
      ]) {
        expect(await send(client, 'countersign.orders.find', sent)).toMatchObject({
          statusCode: 400,
          code: 'request_malformed',
        });
      }
    });

    it('refuses a token that does not hold, and says why', async () => {
      const forged = await send(client, 'countersign.orders.find', `Bearer ${await issuer.forge()}`);
      expect(forged).toMatchObject({ statusCode: 401, error: 'invalid_token', code: 'signature_invalid' });
      const foreign = await issuer.mint({ audience: 'https://stock.example' });
      expect(await send(client, 'countersign.orders.find', `Bearer ${foreign}`)).toMatchObject({
        code: 'audience_mismatch',
      });
    });

    it('refuses a token without the scope', async () => {
      const authorization = `Bearer ${await issuer.mint()}`;
      expect(await send(client, 'countersign.orders.write', authorization)).toMatchObject({
        status: 'error',
        statusCode: 403,
        error: 'insufficient_scope',
        code: 'scope_missing',
      });
      const allowed = await issuer.mint({ scope: 'write:orders' });
      expect(await send(client, 'countersign.orders.write', `Bearer ${allowed}`)).toEqual({});
    });
  });
});

describe('RPC over gRPC', () => {
  interface OrdersClient {
    find(request: object, metadata: Metadata): Observable<unknown>;
    guarded(request: object, metadata: Metadata): Observable<unknown>;
  }
  let issuer: TestIssuer;
  let orders: OrdersClient;
  let close: () => Promise<void>;

  beforeAll(async () => {
    issuer = await TestIssuer.start();
    const protoPath = fileURLToPath(new URL('./fixtures/orders.proto', import.meta.url));
    const options = { package: 'orders', protoPath, url: `127.0.0.1:${await freePort()}` };
    const module = appModule({ issuer: issuer.url, audience: AUDIENCE }, [OrdersController]);
    const app = await NestFactory.createMicroservice<MicroserviceOptions>(module, {
      transport: Transport.GRPC,
      options,
      logger: false,
    } as never);
    await app.listen();
    const client = ClientProxyFactory.create({
      transport: Transport.GRPC,
      options,
    }) as unknown as ClientGrpc & { close(): void };
    orders = client.getService<OrdersClient>('Orders');
    close = async () => {
      client.close();
      await app.close();
    };
  });
  afterAll(async () => {
    await close?.();
    await issuer?.close();
  });

  function metadata(...values: string[]): Metadata {
    const sent = new Metadata();
    for (const value of values) sent.add('authorization', value);
    return sent;
  }

  it('lets a caller in', async () => {
    const answer = await answerOf(orders.find({}, metadata(`Bearer ${await issuer.mint()}`)));
    expect(answer).toEqual({ clientId: 'found' });
  });

  it.each([
    ['no token', async () => metadata(), 16, 'token_missing'],
    ['a forged token', async () => metadata(`Bearer ${await issuer.forge()}`), 16, 'signature_invalid'],
    [
      'junk behind the token',
      async () => metadata(`Bearer ${await issuer.mint()} junk`),
      3,
      'request_malformed',
    ],
  ])('refuses %s with the status of gRPC', async (_, sent, code, reason) => {
    const error = (await answerOf(
      orders.find({ authorization: `Bearer ${await issuer.mint()}` }, await sent()),
    )) as {
      code: number;
      metadata: Metadata;
    };
    expect(error.code).toBe(code);
    expect(error.metadata.get('error-code')).toEqual([reason]);
  });

  it('refuses a token without the scope with PERMISSION_DENIED', async () => {
    const allowed = metadata(`Bearer ${await issuer.mint({ scope: 'write:orders' })}`);
    expect(await answerOf(orders.guarded({}, allowed))).toEqual({ clientId: 'found' });
    const error = await answerOf(orders.guarded({}, metadata(`Bearer ${await issuer.mint()}`)));
    expect(error).toMatchObject({ code: 7 });
  });
});

describe('a hybrid app', () => {
  it.each([true, false])(
    'answers a guarded message only where it inherits the guards: %s',
    async (inheritAppConfig) => {
      const issuer = await TestIssuer.start();
      const port = await freePort();
      const app = await createApp(
        'fastify',
        appModule({ issuer: issuer.url, audience: AUDIENCE, coverage: 'warn' }, [OrdersController]),
      );
      const options = { host: '127.0.0.1', port };
      app.connectMicroservice<MicroserviceOptions>(
        { transport: Transport.TCP, options },
        { inheritAppConfig },
      );
      await app.startAllMicroservices();
      await app.init();
      const client = ClientProxyFactory.create({ transport: Transport.TCP, options });
      const answer = await withMetadata(client, 'countersign.orders.find', `Bearer ${await issuer.mint()}`);
      expect(answer).toEqual(
        inheritAppConfig ? { clientId: 'storefront' } : { status: 'error', message: 'Internal server error' },
      );
      expect(await withMetadata(client, 'countersign.orders.find', undefined)).toMatchObject({
        status: 'error',
      });
      await client.close();
      await app.close();
      await issuer.close();
    },
  );

  it.each([
    ['does not boot where a microservice does not inherit them', undefined],
    ['does not boot where a microservice says that it does not', { inheritAppConfig: false }],
    ['does not boot where that is connected later', { deferInitialization: true }],
  ])('%s', async (_what, hybridOptions) => {
    const options = { issuer: 'https://issuer.example/', audience: AUDIENCE, prefetch: false };
    const app = await createApp('fastify', appModule(options, [OrdersController]));
    const connect = (hybrid?: NestHybridApplicationOptions) =>
      app.connectMicroservice<MicroserviceOptions>({ transport: Transport.TCP }, hybrid);
    expect(() => connect({ inheritAppConfig: true })).not.toThrow();
    expect(() => connect(hybridOptions)).toThrow(
      expect.objectContaining({ name: 'HybridAppError', code: 'app_config_not_inherited' }),
    );
    expect(app.getMicroservices()).toHaveLength(1);
    await app.close();
  });

  it('is its own business where it has no AuthModule', async () => {
    class Bare {}
    const app = await createApp('fastify', { module: Bare });
    expect(() => app.connectMicroservice<MicroserviceOptions>({ transport: Transport.TCP })).not.toThrow();
    await app.close();
  });
});
