import { createServer } from 'node:http';
import { describe, expect, it } from 'vitest';
import { listen } from './running-app.js';
import { testLogLevel } from '../secrets/secret-registry.js';
import { serviceEnvironment } from './service-environment.js';

function fakeApp() {
  const server = createServer((_request, response) => response.end('here'));
  return {
    listen: (port: number, hostname: string) =>
      new Promise<void>((resolve) => server.listen(port, hostname, () => resolve())),
    getHttpServer: () => server,
    close: () => new Promise<void>((resolve) => server.close(() => resolve()).closeAllConnections()),
  };
}

describe('listen', () => {
  it('names the address, and closes the application when it goes out of scope', async () => {
    let url: string;
    {
      await using running = await listen(fakeApp());
      url = running.url;
      expect(await (await fetch(url)).text()).toBe('here');
    }
    await expect(fetch(url)).rejects.toThrow();
  });
});

describe('serviceEnvironment', () => {
  it('names the issuer, the client and the callees', () => {
    const issuer = { issuer: 'http://127.0.0.1:1/', clientSecret: (id: string) => `secret of ${id}` };

    expect(serviceEnvironment(issuer, 'orders', { 'stock-ledger': 'http://127.0.0.1:2' })).toEqual({
      NODE_ENV: 'test',
      LOG_LEVEL: testLogLevel(),
      AUTH_ISSUER: 'http://127.0.0.1:1/',
      M2M_CLIENT_ID: 'orders',
      M2M_CLIENT_SECRET: 'secret of orders',
      STOCK_LEDGER_URL: 'http://127.0.0.1:2',
    });
  });
});
