import { connect, type AddressInfo } from 'node:net';
import {
  Body,
  Controller,
  Get,
  HttpException,
  Logger,
  Module,
  Param,
  Post,
  UnauthorizedException,
} from '@nestjs/common';
import type { INestApplication } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { ServiceException } from '../errors/service.exception.js';
import { Readiness } from '../health/readiness.js';
import { outgoingHeaders } from '../request/request-context.js';
import { createService } from './create-service.js';
import { defineService } from './define-service.js';

const thing = z.strictObject({ name: z.string().min(1), count: z.int().min(1) });

@Controller('things')
class ThingsController {
  static release: () => void = () => undefined;

  @Get('slow')
  async slow(): Promise<object> {
    await new Promise<void>((resolve) => (ThingsController.release = resolve));
    return { slow: true };
  }

  @Get('context')
  context(): object {
    return outgoingHeaders();
  }

  @Post('context')
  contextAfterBody(): object {
    return outgoingHeaders();
  }

  @Get('error')
  error(): never {
    throw new Error('the database password is hunter2');
  }

  @Get('conflict')
  conflict(): never {
    throw new ServiceException(409, 'thing_conflict', 'There is another thing.');
  }

  @Get('refused')
  refused(): never {
    throw new HttpException({ statusCode: 401, message: 'No.', code: 'token_missing' }, 401);
  }

  @Get('plain')
  plain(): never {
    throw new UnauthorizedException('Who are you?');
  }

  @Post()
  create(@Body({ schema: thing }) body: z.infer<typeof thing>): object {
    new Logger('Things').log({ msg: 'created', name: body.name });
    return body;
  }

  @Get(':id')
  one(@Param('id', { schema: z.uuid('id must be a UUID') }) id: string): object {
    return { id };
  }
}

@Module({ controllers: [ThingsController] })
class ThingsModule {}

async function boot(adapter: 'fastify' | 'express', env: Record<string, string> = {}) {
  const service = defineService({
    name: 'things',
    port: 0,
    adapter,
    environment: () => ({}),
    module: () => ThingsModule,
    openapi: {
      title: 'Things',
      version: '2.0',
      document: (_app, document) => void (document.info.contact = { name: 'us' }),
    },
  });
  const app = await createService(service, { LOG_LEVEL: 'silent', SHUTDOWN_GRACE_MS: '2000', ...env });
  await app.listen(0, '127.0.0.1');
  const { port } = (app.getHttpServer() as { address(): AddressInfo }).address();
  return { app, port, url: `http://127.0.0.1:${port}` };
}

const json = { 'content-type': 'application/json' };

describe.each(['fastify', 'express'] as const)('a service on %s', (adapter) => {
  let app: INestApplication;
  let url: string;
  let port: number;

  beforeAll(async () => ({ app, url, port } = await boot(adapter)));
  afterAll(() => app.close());

  const post = (body: string, headers: Record<string, string> = json) =>
    fetch(`${url}/things`, { method: 'POST', body, headers });

  async function errorOf(response: Response) {
    const body = (await response.json()) as Record<string, unknown>;
    return { status: response.status, body, headers: response.headers };
  }

  it('answers a valid request', async () => {
    const response = await post('{"name":"a","count":2}');
    expect(response.status).toBe(201);
    expect(await response.json()).toEqual({ name: 'a', count: 2 });
  });

  it('takes an empty body for none', async () => {
    const options = { method: 'POST', headers: { ...json, 'x-request-id': 'r-1' }, body: '' };
    const response = await fetch(`${url}/things/context`, options);
    expect(response.status).toBe(201);
    expect(await response.json()).toEqual({ 'x-request-id': 'r-1' });
  });

  describe('errors', () => {
    it('lists every problem of invalid input', async () => {
      const { status, body } = await errorOf(await post('{"name":"","count":0,"extra":1}'));
      expect(status).toBe(400);
      expect(body).toMatchObject({ statusCode: 400, error: 'Bad Request', code: 'input_invalid' });
      expect(body['message']).toEqual([
        expect.stringMatching(/^name: /),
        expect.stringMatching(/^count: /),
        expect.stringMatching(/extra/),
      ]);
    });

    it('bounds the list of problems', async () => {
      const many = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`field${index}`, index]));
      const { body } = await errorOf(await post(JSON.stringify({ name: 'a', count: 1, ...many })));
      expect(body).toMatchObject({ code: 'input_invalid' });
      expect((body['message'] as string[]).length).toBeLessThanOrEqual(21);
    });

    it.each([
      ['malformed JSON', () => post('{"name": "secret-value'), 400, 'body_malformed'],
      [
        'a prototype in the body',
        () => post('{"__proto__": {"a": 1}}'),
        400,
        ['body_malformed', 'input_invalid'],
      ],
      [
        'another media type',
        () => post('name=a', { 'content-type': 'text/plain' }),
        415,
        'media_type_unsupported',
      ],
      [
        'a form',
        () => post('name=a', { 'content-type': 'application/x-www-form-urlencoded' }),
        415,
        'media_type_unsupported',
      ],
      ['a large body', () => post(`{"name":"${'a'.repeat(102_400)}"}`), 413, 'body_too_large'],
      ['an unknown route', () => fetch(`${url}/nothing?token=abc`), 404, 'route_unknown'],
      ['a wrong method', () => fetch(`${url}/things`, { method: 'PUT' }), 405, 'method_not_allowed'],
      ['a wrong parameter', () => fetch(`${url}/things/7`), 400, 'input_invalid'],
      ['a malformed address', () => fetch(`${url}/things/%ZZ`), 400, 'request_invalid'],
      ['an error of ours', () => fetch(`${url}/things/conflict`), 409, 'thing_conflict'],
      ["an error of Nest's", () => fetch(`${url}/things/plain`), 401, 'unauthorized'],
      ['an unknown error', () => fetch(`${url}/things/error`), 500, 'internal_error'],
    ])('has one form for %s', async (_, send, status, code) => {
      const answer = await errorOf(await send());
      expect(answer.status).toBe(status);
      expect(Object.keys(answer.body).sort()).toEqual([
        'code',
        'error',
        'message',
        'requestId',
        'statusCode',
      ]);
      expect([code].flat()).toContain(answer.body['code']);
      expect(answer.body['requestId']).toBe(answer.headers.get('x-request-id'));
      expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
      expect(JSON.stringify(answer.body)).not.toMatch(/hunter2|secret-value|token=abc|at .*\.ts/);
    });

    it('does not take a path with a slash too many for one with a wrong method', async () => {
      const { status, body } = await errorOf(await fetch(`${url}/things/plain/`));
      expect([status, body['code']]).toEqual(
        adapter === 'fastify' ? [404, 'route_unknown'] : [401, 'unauthorized'],
      );
    });

    it('names the methods a route has', async () => {
      const { headers } = await errorOf(await fetch(`${url}/things`, { method: 'PUT' }));
      expect(headers.get('allow')).toContain('POST');
    });

    it('answers a complete body of another library as it is', async () => {
      const { body } = await errorOf(await fetch(`${url}/things/refused`));
      expect(body).toEqual({ statusCode: 401, message: 'No.', code: 'token_missing' });
    });
  });

  describe('request ids', () => {
    it('keeps a sane one, makes one for any other, and gives it back', async () => {
      const given = await fetch(`${url}/things/context`, { headers: { 'x-request-id': 'r-1' } });
      expect(given.headers.get('x-request-id')).toBe('r-1');
      expect(await given.json()).toEqual({ 'x-request-id': 'r-1' });
      const made = await fetch(`${url}/things/context`, { headers: { 'x-request-id': 'a b' } });
      expect(made.headers.get('x-request-id')).toMatch(/^[\da-f-]{36}$/);
    });

    it('holds after the body was read, for many requests at once on few connections', async () => {
      const ids = Array.from({ length: 40 }, (_, index) => `r-${index}`);
      const answers = await Promise.all(
        ids.map(async (id) => {
          const response = await fetch(`${url}/things/context`, {
            method: 'POST',
            headers: { ...json, 'x-request-id': id },
            body: JSON.stringify({ pad: 'x'.repeat(20_000) }),
          });
          return (await response.json()) as Record<string, string>;
        }),
      );
      expect(answers.map((answer) => answer['x-request-id'])).toEqual(ids);
    });
  });

  it('sends the headers of an API that is not for embedding', async () => {
    const { headers } = await fetch(`${url}/health/live`);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('x-powered-by')).toBeNull();
  });

  it('serves the document and its pages', async () => {
    const document = (await (await fetch(`${url}/openapi.json`)).json()) as {
      info: object;
      paths: Record<string, Record<string, { requestBody?: unknown; responses: object }>>;
    };
    expect(document.info).toMatchObject({ title: 'Things', version: '2.0', contact: { name: 'us' } });
    expect(document.paths).not.toHaveProperty('/health/live');
    expect(document.paths['/things']?.['post']).toMatchObject({
      requestBody: {
        content: {
          'application/json': {
            schema: { properties: { count: { type: 'integer' } }, required: ['name', 'count'] },
          },
        },
      },
      responses: {
        default: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } } },
      },
    });
    const page = await fetch(`${url}/docs`);
    expect(page.headers.get('content-type')).toMatch(/html/);
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
    const html = await page.text();
    expect(html).not.toMatch(/<script>/);
    const scripts = [...html.matchAll(/<script src="([^"]+)"/g)].map(
      ([, src]) => new URL(src!, `${url}/docs`),
    );
    expect(scripts.length).toBeGreaterThanOrEqual(3);
    for (const script of scripts) {
      const response = await fetch(script);
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toMatch(/javascript/);
    }
  });

  it('is live, and ready as long as its checks are', async () => {
    expect(await (await fetch(`${url}/health/live`)).json()).toEqual({ status: 'ok' });
    expect(await (await fetch(`${url}/health/ready`)).json()).toEqual({ status: 'ok', checks: {} });
    let broken = false;
    app.get(Readiness).add('store', () => {
      if (broken) throw new Error('password hunter2 refused');
    });
    expect(await (await fetch(`${url}/health/ready`)).json()).toEqual({
      status: 'ok',
      checks: { store: { status: 'up' } },
    });
    broken = true;
    await vi.waitFor(async () => expect((await fetch(`${url}/health/ready`)).status).toBe(503), 5_000);
    const down = await (await fetch(`${url}/health/ready`)).text();
    expect(JSON.parse(down)).toEqual({ status: 'error', checks: { store: { status: 'down' } } });
    expect(() => app.get(Readiness).add('store', () => undefined)).toThrow(/already/);
  });

  it('answers a request that is not HTTP and goes on', async () => {
    const socket = connect(port, '127.0.0.1');
    socket.write('NOT HTTP\r\n\r\n');
    const answer = await new Promise<string>((resolve) => {
      let text = '';
      socket.on('data', (chunk) => (text += chunk.toString())).on('close', () => resolve(text));
    });
    expect(answer).toMatch(/^HTTP\/1.1 400/);
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
  });
});

describe.each(['fastify', 'express'] as const)('closing a service on %s', (adapter) => {
  it('finishes what is in flight, on a connection that then closes, and accepts nothing new', async () => {
    const { app, url } = await boot(adapter);
    const slow = fetch(`${url}/things/slow`);
    await vi.waitFor(() => expect(ThingsController.release.length).toBe(1), 5_000).catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const closed = app.close();
    await vi.waitFor(() => expect(app.get(Readiness).stopping).toBe(true));
    await expect(fetch(`${url}/health/live`)).rejects.toThrow();
    ThingsController.release();
    const response = await slow;
    expect(response.status).toBe(200);
    expect(response.headers.get('connection')).toBe('close');
    expect(await response.json()).toEqual({ slow: true });
    await closed;
  });

  it('says not ready before it stops accepting', async () => {
    const { app, url } = await boot(adapter, { SHUTDOWN_DELAY_MS: '300' });
    expect((await fetch(`${url}/health/ready`)).status).toBe(200);
    const closed = app.close();
    await vi.waitFor(() => expect(app.get(Readiness).stopping).toBe(true));
    const response = await fetch(`${url}/health/ready`);
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({ status: 'shutting_down' });
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
    await closed;
  });

  it('cuts off what does not finish within the grace', async () => {
    const { app, url } = await boot(adapter, { SHUTDOWN_GRACE_MS: '100' });
    const slow = fetch(`${url}/things/slow`).then(
      () => 'answered',
      () => 'cut off',
    );
    await new Promise((resolve) => setTimeout(resolve, 100));
    const startedAt = performance.now();
    await app.close();
    expect(performance.now() - startedAt).toBeLessThan(1_500);
    expect(await slow).toBe('cut off');
  });
});
