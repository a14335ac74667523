import { fileURLToPath } from 'node:url';
import { setTimeout as delay } from 'node:timers/promises';
import { Metadata } from '@grpc/grpc-js';
import { type CallHandler, Controller, Sse, UseInterceptors } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  type ClientGrpc,
  ClientProxyFactory,
  GrpcMethod,
  GrpcStreamMethod,
  type MicroserviceOptions,
  Transport,
} from '@nestjs/microservices';
import { finalize, interval, lastValueFrom, map, merge, NEVER, type Observable, tap, timeout } from 'rxjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Authenticated, Public, ReportOnly } from '../src/index.js';
import { ADAPTERS, appModule, bearer, type RunningApp, startApp } from './support/app.js';
import { AUDIENCE, TestIssuer } from './support/issuer.js';
import { freePort } from './support/services.js';

/** Streams that their handlers were told the end of. */
let finished: string[] = [];

const ticks = (name: string): Observable<{ clientId: string }> =>
  interval(50).pipe(
    map((tick) => ({ clientId: `${name} ${tick}` })),
    finalize(() => finished.push(name)),
  );
const events = (name: string) => ticks(name).pipe(map((data) => ({ data })));
const heartbeat = {
  intercept: (_: unknown, next: CallHandler) => merge(next.handle(), NEVER),
};

const expiryOf = (token: string): number => {
  const [, payload = ''] = token.split('.');
  return (JSON.parse(Buffer.from(payload, 'base64url').toString()) as { exp: number }).exp * 1_000;
};

@Controller('events')
class EventsController {
  @Sse('guarded')
  @Authenticated()
  guarded() {
    return events('guarded');
  }

  @Authenticated()
  @UseInterceptors(heartbeat)
  @Sse('with-heartbeat')
  async withHeartbeat() {
    return events('with-heartbeat');
  }

  @Sse('open')
  @Public()
  open() {
    return events('open');
  }

  @Sse('tried-out')
  @Authenticated()
  @ReportOnly('token')
  triedOut() {
    return events('tried-out');
  }
}

describe.each(ADAPTERS)('Server-Sent Events on %s', (adapter) => {
  let issuer: TestIssuer;
  let service: RunningApp;

  beforeAll(async () => {
    finished = [];
    issuer = await TestIssuer.start();
    service = await startApp(adapter, { issuer: issuer.url, audience: AUDIENCE }, [EventsController]);
  });
  afterAll(async () => {
    await service?.close();
    await issuer?.close();
  });

  /** Reads a stream to its end, or for as long as it may take. */
  async function read(path: string, headers: Record<string, string>, milliseconds: number) {
    const giveUp = new AbortController();
    const response = await fetch(new URL(`/events/${path}`, service.url), { headers, signal: giveUp.signal });
    let body = '';
    const whole = (async () => {
      for await (const chunk of response.body ?? []) body += Buffer.from(chunk as Uint8Array).toString();
      return 'completed' as const;
    })();
    whole.catch(() => undefined);
    const end = await Promise.race([whole, delay(milliseconds, 'open' as const)]);
    giveUp.abort();
    return { status: response.status, body, end, at: Date.now() };
  }

  it.concurrent.each(['guarded', 'with-heartbeat'])(
    'complete when the token expires, and the handler is told: %s',
    async (path) => {
      const token = await issuer.mint({ expiresIn: 2 });
      const { status, body, end, at } = await read(path, bearer(token), 5_000);
      expect({ status, end }).toEqual({ status: 200, end: 'completed' });
      expect(body).toContain(`data: {"clientId":"${path} 1"}`);
      expect(at).toBeGreaterThanOrEqual(expiryOf(token));
      expect(finished).toContain(path);
    },
  );

  it.concurrent('go on with a token that lasts', async () => {
    const token = await issuer.mint({ expiresIn: 60 });
    expect(await read('guarded', bearer(token), 2_500)).toMatchObject({ status: 200, end: 'open' });
  });

  it.concurrent.each(['open', 'tried-out'])('go on where no token is needed: %s', async (path) => {
    const token = await issuer.mint({ expiresIn: 1 });
    expect(await read(path, bearer(token), 2_500)).toMatchObject({ status: 200, end: 'open' });
  });
});

@Controller()
class OrdersController {
  @GrpcMethod('Orders', 'Watch')
  @Authenticated()
  watch() {
    return ticks('watch');
  }

  @GrpcStreamMethod('Orders', 'Follow')
  @Authenticated()
  follow() {
    return ticks('follow');
  }

  @GrpcStreamMethod('Orders', 'Collect')
  @Authenticated()
  collect(sent: Observable<unknown>) {
    return lastValueFrom(sent.pipe(map(() => ({ clientId: 'collected' }))));
  }

  @GrpcMethod('Orders', 'Slow')
  @Authenticated()
  async slow() {
    await delay(2_500);
    return { clientId: 'slow' };
  }
}

describe('streams of gRPC', () => {
  type Method = (request: unknown, metadata: Metadata) => Observable<{ clientId: string }>;
  let issuer: TestIssuer;
  let orders: Record<'watch' | 'follow' | 'collect' | 'slow', Method>;
  let close: () => Promise<void>;

  beforeAll(async () => {
    finished = [];
    issuer = await TestIssuer.start();
    const protoPath = fileURLToPath(new URL('./fixtures/orders.proto', import.meta.url));
    const options = { package: 'orders', protoPath, url: `127.0.0.1:${await freePort()}` };
    const module = appModule({ issuer: issuer.url, audience: AUDIENCE }, [OrdersController]);
    const transport = Transport.GRPC;
    const app = await NestFactory.createMicroservice<MicroserviceOptions>(module, {
      transport,
      options,
      logger: false,
    } as never);
    await app.listen();
    const client = ClientProxyFactory.create({ transport, options }) as unknown as ClientGrpc & {
      close(): void;
    };
    orders = client.getService('Orders');
    close = async () => {
      client.close();
      await app.close();
    };
  });
  afterAll(async () => {
    await close?.();
    await issuer?.close();
  });

  /** Follows a call to its end, or for as long as it may take. */
  async function follow(method: keyof typeof orders, expiresIn: number, milliseconds = 5_000) {
    const token = await issuer.mint({ expiresIn });
    const metadata = new Metadata();
    metadata.set('authorization', `Bearer ${token}`);
    const request = method === 'watch' || method === 'slow' ? {} : NEVER;
    const values: string[] = [];
    const answer = orders[method](request, metadata).pipe(
      tap(({ clientId }) => values.push(clientId)),
      timeout({ first: milliseconds, each: milliseconds }),
    );
    const ended = lastValueFrom(answer, { defaultValue: undefined }).catch((error: unknown) => error);
    const end = await Promise.race([ended, delay(milliseconds, 'open' as const)]);
    return { values, end, at: Date.now(), expiry: expiryOf(token) };
  }

  it.concurrent.each(['watch', 'follow', 'collect'] as const)(
    'end with UNAUTHENTICATED when the token expires: %s',
    async (method) => {
      const { values, end, at, expiry } = await follow(method, 2);
      expect(end).toMatchObject({ code: 16 });
      expect((end as { metadata: Metadata }).metadata.get('error-code')).toEqual(['token_expired']);
      expect(at).toBeGreaterThanOrEqual(expiry);
      expect(values.slice(0, 2)).toEqual(method === 'collect' ? [] : [`${method} 0`, `${method} 1`]);
      if (method !== 'collect') expect(finished).toContain(method);
    },
  );

  it.concurrent.each(['watch', 'follow'] as const)('go on with a token that lasts: %s', async (method) => {
    expect(await follow(method, 60, 2_500)).toMatchObject({ end: 'open' });
  });

  it.concurrent('leave an answer alone that is given once, however late', async () => {
    expect(await follow('slow', 2)).toMatchObject({ values: ['slow'], end: { clientId: 'slow' } });
  });
});
