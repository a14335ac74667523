import { LoopbackIssuer } from '@countersign/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { M2mModuleOptions } from '../src/index.js';
import { startApp } from './support/app.js';
import { errorOf, leaksIn } from './support/leaks.js';

const stock = 'https://stock.example';
const bills = 'https://bills.example';
const mail = 'https://mail.example';
let issuer: LoopbackIssuer;

beforeEach(async () => {
  issuer = await LoopbackIssuer.start({
    apis: [stock, bills, mail].map((audience) => ({ audience, scopes: ['read', 'write'] })),
    clients: [{ clientId: 'orders', grants: { [stock]: ['read', 'write'], [bills]: ['read'] } }],
  });
});
afterEach(() => issuer.close());

const baseUrl = 'http://127.0.0.1:9';
const good = { stock: { baseUrl, audience: stock, scopes: ['read', 'write'] } };
const bad = {
  bills: { baseUrl, audience: bills, scopes: ['read', 'write'] },
  mail: { baseUrl, audience: mail, scopes: ['read'] },
};
const boot = (connections: M2mModuleOptions['connections'], extra: Partial<M2mModuleOptions> = {}) =>
  startApp(
    {
      service: 'orders',
      issuer: issuer.issuer,
      clientId: 'orders',
      clientSecret: issuer.clientSecret('orders'),
      connections: { inventory: { baseUrl, audience: stock }, ...connections },
      preflight: true,
      ...extra,
    },
    ['inventory'],
  );

describe('the preflight', () => {
  it('names every grant and every scope that is missing in one error', async () => {
    const error = await errorOf(boot({ ...good, ...bad }));
    expect(error).toMatchObject({
      name: 'M2mPreflightError',
      code: 'preflight_failed',
      failures: [
        { connection: 'bills', error: { code: 'scope_not_granted' } },
        { connection: 'mail', error: { code: 'grant_missing' } },
      ],
    });
    expect(error.message).toContain('was not granted write for https://bills.example');
    expect(error.message).toContain('no client grant for this API');
    expect(error.message).not.toContain('stock (');
    expect(leaksIn(error, [issuer.clientSecret('orders')])).toEqual([]);
  });

  it('boots with the tokens in place where everything is granted', async () => {
    const app = await boot(good);
    const before = issuer.requests.token;
    await app.tokens.getToken({ audience: stock, scopes: ['read', 'write'] });
    expect(issuer.requests.token).toBe(before);
    await app.close();
  });

  it('an issuer that is away does not stop the boot', async () => {
    issuer.fault('token', { kind: 'rate-limited', retryAfter: 60 });
    const app = await boot(good);
    issuer.recover();
    expect(issuer.minted).toEqual([]);
    await app.close();
  });

  it('does not ask for what needs a caller', async () => {
    const app = await boot({ bills: { ...bad.bills, exchange: true } });
    expect(issuer.minted.map(({ audience }) => audience)).toEqual([stock]);
    await app.close();
  });

  it('asks for nothing where it is not wanted', async () => {
    const app = await boot(bad, { preflight: false });
    expect(issuer.requests).toMatchObject({ token: 0 });
    await app.close();
  });
});
