import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLogger } from '../logging/logger.js';
import { requestContext } from '../request/request-context.js';
import { RequestLifecycle, type RequestView } from './request-lifecycle.js';
import { RequestsInFlight } from './requests-in-flight.js';

describe('RequestLifecycle', () => {
  let server: Server;
  let url: string;
  let lines: string[];
  let inFlight: RequestsInFlight;
  let answer: (response: ServerResponse) => void;
  let view: RequestView;

  beforeEach(async () => {
    lines = [];
    view = { route: '/orders/:id', client: 'storefront' };
    answer = (response) => void response.end();
    inFlight = new RequestsInFlight();
    const logger = createLogger({
      service: 'orders',
      level: 'debug',
      stream: { write: (line) => void lines.push(line) },
    });
    const lifecycle = new RequestLifecycle(logger, inFlight);
    server = createServer((request, response) => {
      lifecycle.begin(request, response, () => view);
      lifecycle.within(request, response, () => answer(response));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  /** Sends a request and answers the one line of the log about it. */
  async function lineOf(path: string, options: RequestInit = {}): Promise<Record<string, unknown>> {
    await fetch(`${url}${path}`, options).then(
      (response) => response.arrayBuffer(),
      () => undefined,
    );
    await expect.poll(() => lines.length).toBe(1);
    return JSON.parse(lines[0]!) as Record<string, unknown>;
  }

  it('logs a request once: how it was asked, by whom, and how it was answered', async () => {
    const line = await lineOf('/orders/7', { method: 'DELETE', headers: { 'x-request-id': 'r-1' } });
    expect(line).toMatchObject({
      level: 'info',
      method: 'DELETE',
      route: '/orders/:id',
      status: 200,
      client: 'storefront',
      requestId: 'r-1',
      msg: 'request',
    });
    expect(line['ms']).toBeGreaterThanOrEqual(0);
    expect(line).not.toHaveProperty('path');
  });

  it('logs the path of a request that no route took, without its query', async () => {
    view = { route: undefined, client: undefined };
    const line = await lineOf(`/${'a'.repeat(500)}?access_token=hunter2`);
    expect(line['path']).toBe(`/${'a'.repeat(199)}`);
    expect(line).not.toHaveProperty('client');
    expect(lines.join('')).not.toContain('hunter2');
  });

  it('logs no token that somebody put into a path, even where it is cut', async () => {
    view = { route: undefined, client: undefined };
    const token = `eyJ${'a'.repeat(60)}.${'b'.repeat(300)}.${'c'.repeat(60)}`;
    expect((await lineOf(`/orders/${token}`))['path']).toBe('/orders/[redacted]');
  });

  it.each([
    [404, 'info'],
    [503, 'error'],
  ])('logs %i as %s', async (status, level) => {
    answer = (response) => void response.writeHead(status).end();
    expect(await lineOf('/orders')).toMatchObject({ status, level });
  });

  it('leaves the health routes to those who debug, whatever they answer', async () => {
    answer = (response) => void response.writeHead(503).end();
    expect(await lineOf('/health/ready')).toMatchObject({ level: 'debug', status: 503 });
  });

  it('says where a request was broken off', async () => {
    const controller = new AbortController();
    answer = () => controller.abort();
    expect(await lineOf('/orders', { signal: controller.signal })).toMatchObject({ aborted: true });
  });

  it('counts a request until it is answered, and is within it meanwhile', async () => {
    const seen: unknown[] = [];
    answer = (response) => {
      seen.push(inFlight.count, requestContext()?.requestId);
      response.end();
    };
    await lineOf('/orders', { headers: { 'x-request-id': 'r-2' } });
    expect(seen).toEqual([1, 'r-2']);
    expect(inFlight.count).toBe(0);
  });
});
