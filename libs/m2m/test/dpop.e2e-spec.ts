import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { type DpopNonces, RollingDpopNonces } from '@countersign/guards';
import { LoopbackIssuer } from '@countersign/testing';
import { isAxiosError } from 'axios';
import { firstValueFrom } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { M2mModuleOptions } from '../src/index.js';
import { audience, startApp } from './support/app.js';
import { type GuardedCallee, startGuardedCallee } from './support/guarded-callee.js';
import { errorOf, leaksIn } from './support/leaks.js';

const scopes = ['read:stock'];
let issuer: LoopbackIssuer;
let nonces: DpopNonces | undefined;
let callee: GuardedCallee;
let app: Awaited<ReturnType<typeof startApp>>;

const options = (extra: Partial<M2mModuleOptions> = {}): M2mModuleOptions => ({
  service: 'orders',
  issuer: issuer.issuer,
  clientId: 'orders',
  clientSecret: issuer.clientSecret('orders'),
  dpop: true,
  connections: { inventory: { baseUrl: callee.url, audience, scopes } },
  ...extra,
});

beforeEach(async () => {
  issuer = await LoopbackIssuer.start({ apis: [{ audience, scopes }], clients: [{ clientId: 'orders' }] });
  nonces = undefined;
  callee = await startGuardedCallee({
    issuer: issuer.issuer,
    jwksUri: issuer.jwksUri,
    sender: {
      required: true,
      get dpop() {
        return nonces && { nonces };
      },
    },
  });
  app = await startApp(options());
});

afterEach(async () => {
  await app.close();
  await callee.close();
  await issuer.close();
});

const get = (path = '/stock/apple') => firstValueFrom(app.http.get<unknown>(path));
const post = (body: unknown) => firstValueFrom(app.http.post<unknown>('/reservations', body));
const outcomes = () => callee.calls.map(({ outcome }) => outcome);

describe('tokens that are bound to a DPoP key', () => {
  it('are accepted from this client with a fresh proof each time, and refused without', async () => {
    await get();
    await get('/stock/pear?warehouse=1#x');
    await post({ sku: 'apple' });
    const [authorization = ''] = callee.calls.map((call) => call.authorization ?? '');
    expect(authorization).toMatch(/^DPoP /);
    const stolen = await fetch(`${callee.url}/`, { headers: { authorization } });
    expect([stolen.status, ...outcomes()]).toEqual([
      401,
      ...Array.from({ length: 3 }, () => 'accepted'),
      'sender_mismatch dpop_missing',
    ]);
    issuer.expectMints(1);
  });

  it('are not accepted from another process, whose key is another', async () => {
    const thief = await startApp(options());
    await get();
    const token = await app.tokens.getToken({ audience, scopes });
    const tokens = { getToken: async () => token, peek: () => token, drop: () => false };
    const { createHttpService } = await import('../src/lib/http/create-http-service.js');
    const { connectionOf } = await import('../src/lib/http/connection.js');
    const { SenderBinding } = await import('../src/lib/sender/sender-binding.js');
    const { systemClock } = await import('../src/index.js');
    const connection = connectionOf('inventory', { baseUrl: callee.url, audience, scopes });
    const http = createHttpService(connection, tokens, new SenderBinding({ dpop: true }, systemClock));
    await errorOf(firstValueFrom(http.get('/')));
    expect(outcomes()).toEqual(['accepted', 'sender_mismatch dpop_key']);
    await thief.close();
  });

  it('the nonce of the token endpoint is put into the proof at once', async () => {
    issuer.fault('token', { kind: 'dpop-nonce', nonce: 'nonce-of-the-issuer' });
    expect((await get()).status).toBe(200);
    expect(issuer.requests.token).toBe(2);
    await app.tokens.getToken({ audience, scopes: [] });
    expect(issuer.requests.token).toBe(3);
  });

  it('a token that the issuer did not bind is refused, and its type is not taken for granted', async () => {
    issuer.fault('token', { kind: 'token-type', value: 'Bearer' });
    expect(await errorOf(get())).toMatchObject({ code: 'token_response_invalid' });
    expect(callee.calls).toEqual([]);
  });

  it('a proof that the issuer does not take says what to look at', async () => {
    issuer.fault('token', { kind: 'oauth-error', error: 'invalid_dpop_proof' });
    const error = await errorOf(get());
    expect([error.code, error.message.includes('clock')]).toEqual(['client_rejected', true]);
  });

  it('without dpop tokens are Bearer, and such a callee refuses them', async () => {
    await app.close();
    app = await startApp(options({ dpop: false }));
    await errorOf(get());
    expect(outcomes()[0]).toBe('sender_mismatch unbound');
  });

  it('errors hold neither the token nor the proof', async () => {
    await get();
    const token = await app.tokens.getToken({ audience, scopes });
    await callee.close();
    const error = await errorOf(get());
    expect(isAxiosError(error)).toBe(true);
    expect(leaksIn(error, [token.value, 'eyJ0eXAiOiJkcG9wK2p3dCI'])).toEqual([]);
  });
});

describe('a callee that asks for its nonce', () => {
  beforeEach(async () => {
    nonces = new RollingDpopNonces(randomBytes(32));
    await callee.close();
    callee = await startGuardedCallee({
      issuer: issuer.issuer,
      jwksUri: issuer.jwksUri,
      sender: { dpop: { nonces } },
    });
    await app.close();
    app = await startApp(options());
  });

  it('gets the call once more with it, and the next calls at once', async () => {
    expect((await post({ sku: 'apple' })).status).toBe(200);
    expect((await post({ sku: 'pear' })).status).toBe(200);
    expect(outcomes()).toEqual(['sender_mismatch dpop_nonce', 'accepted', 'accepted']);
    expect(callee.calls[1]?.body).toBe('{"sku":"apple"}');
    issuer.expectMints(1);
  });

  it('a stream is not sent twice, but the next call carries the nonce', async () => {
    const error = await errorOf(post(Readable.from(['abc'])));
    expect(isAxiosError(error) && error.response?.status).toBe(401);
    await get();
    expect(outcomes()).toEqual(['sender_mismatch dpop_nonce', 'accepted']);
  });

  it('is asked twice at most where it never accepts its nonce', async () => {
    await callee.close();
    const stubborn: DpopNonces = { current: () => randomBytes(8).toString('hex'), accepts: () => false };
    callee = await startGuardedCallee({
      issuer: issuer.issuer,
      jwksUri: issuer.jwksUri,
      sender: { dpop: { nonces: stubborn } },
    });
    await app.close();
    app = await startApp(options());
    await errorOf(get());
    expect(outcomes()).toEqual(['sender_mismatch dpop_nonce', 'sender_mismatch dpop_nonce']);
    issuer.expectMints(1);
  });
});
