import { Controller, Get, Logger, Req } from '@nestjs/common';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, type Mock, vi } from 'vitest';
import {
  AccessTokenVerifier,
  Authenticated,
  type AuthModuleOptions,
  Caller,
  CallerIs,
  MemoryDenylist,
  ReportOnly,
  RequireAudience,
  RequireScopes,
} from '../src/index.js';
import { ADAPTERS, bearer, type RunningApp, startApp } from './support/app.js';
import { DpopClient } from './support/dpop-client.js';
import { AUDIENCE, TestIssuer } from './support/issuer.js';

const ADMIN = 'https://admin.countersign.example';

@Controller('tried')
class TriedController {
  @Get('scope')
  @RequireScopes('write:orders')
  @ReportOnly('scope')
  scope(@Caller() caller: Caller) {
    return { clientId: caller.clientId };
  }

  @Get('scope-and-caller')
  @RequireScopes('write:orders')
  @CallerIs('inventory')
  @ReportOnly('scope')
  scopeAndCaller() {
    return {};
  }

  @Get('everything')
  @RequireScopes('write:orders')
  @CallerIs('inventory')
  @RequireAudience(ADMIN)
  @ReportOnly()
  everything(@Caller() caller: Caller) {
    return { clientId: caller.clientId };
  }

  @Get('token')
  @RequireScopes('write:orders')
  @ReportOnly('token')
  token(@Caller() caller: Caller | undefined, @Req() request: { user?: unknown }) {
    return { caller: caller?.clientId ?? null, user: request.user === undefined ? null : 'somebody' };
  }

  @Get('enforced')
  @RequireScopes('write:orders')
  enforced() {
    return {};
  }

  @Get('any')
  @Authenticated()
  any() {
    return {};
  }
}

let issuer: TestIssuer;
let warn: Mock;
beforeAll(async () => {
  issuer = await TestIssuer.start();
});
afterAll(() => issuer?.close());
beforeEach(() => {
  warn = vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
});
afterEach(() => vi.restoreAllMocks());

const lines = (): string[] => warn.mock.calls.map(([line]) => String(line));

describe.each(ADAPTERS)('a rule that is report-only, on %s', (adapter) => {
  let app: RunningApp | undefined;
  afterEach(async () => {
    await app?.close();
    app = undefined;
  });

  async function start(options: Partial<AuthModuleOptions> = {}): Promise<RunningApp> {
    const audience = [AUDIENCE, ADMIN];
    app = await startApp(adapter, { issuer: issuer.url, audience, ...options }, [TriedController]);
    return app;
  }

  const stats = () => (app as RunningApp).app.get(AccessTokenVerifier).stats();
  const count = (code: string, amount = 1) => ({ issuer: issuer.url, code, count: amount });

  it('lets through what it would refuse, and counts and logs it', async () => {
    const { get } = await start();
    warn.mockClear();
    const response = await get('/tried/scope', bearer(await issuer.mint()));
    expect([response.status, await response.json()]).toEqual([200, { clientId: 'storefront' }]);
    expect(stats()).toMatchObject({ refused: [], reported: [count('scope_missing')] });
    expect(lines()).toEqual([
      'TriedController.scope GET /tried/scope would be refused: scope_missing, and is not because that is report-only',
    ]);
  });

  it('says nothing of a call that meets it', async () => {
    const { get } = await start();
    warn.mockClear();
    const response = await get('/tried/scope', bearer(await issuer.mint({ scope: 'write:orders' })));
    expect(response.status).toBe(200);
    expect(stats()).toMatchObject({ refused: [], reported: [] });
    expect(lines()).toEqual([]);
  });

  it('leaves every other route and rule in force', async () => {
    const { get } = await start();
    const token = await issuer.mint();
    expect((await get('/tried/enforced', bearer(token))).status).toBe(403);
    expect((await get('/tried/scope-and-caller', bearer(token))).status).toBe(403);
    const inventory = await issuer.mint({ clientId: 'inventory' });
    expect((await get('/tried/scope-and-caller', bearer(inventory))).status).toBe(200);
    expect((await get('/tried/scope')).status).toBe(401);
    expect(stats()).toMatchObject({
      refused: [count('scope_missing', 2), count('token_missing')],
      reported: [count('scope_missing', 2)],
    });
  });

  it('is every rule but the token itself where none is named', async () => {
    const { get } = await start();
    const response = await get('/tried/everything', bearer(await issuer.mint()));
    expect([response.status, await response.json()]).toEqual([200, { clientId: 'storefront' }]);
    expect(stats().reported).toEqual([count('audience_mismatch'), count('scope_missing', 2)]);
    for (const token of [
      await issuer.forge(),
      await issuer.mint({ audience: 'https://elsewhere.example' }),
    ]) {
      expect((await get('/tried/everything', bearer(token))).status).toBe(401);
    }
    expect((await get('/tried/everything')).status).toBe(401);
  });

  it('can be one for the whole app', async () => {
    const { get } = await start({ reportOnly: ['scope'] });
    expect((await get('/tried/enforced', bearer(await issuer.mint()))).status).toBe(200);
    expect((await get('/tried/enforced')).status).toBe(401);
    expect(stats().reported).toEqual([count('scope_missing')]);
  });

  it('is named by the boot with every route that it is on', async () => {
    await start({ reportOnly: ['caller'] });
    expect(lines()).toEqual([
      'TriedController.any GET /tried/any: is report-only for caller',
      'TriedController.enforced GET /tried/enforced: is report-only for caller',
      'TriedController.everything GET /tried/everything: is report-only for scope, caller, audience, sender',
      'TriedController.scope GET /tried/scope: is report-only for scope, caller',
      'TriedController.scopeAndCaller GET /tried/scope-and-caller: is report-only for scope, caller',
      'TriedController.token GET /tried/token: is report-only for caller, token, and is open to anybody',
    ]);
  });

  describe('for the token itself', () => {
    const denylist = new MemoryDenylist();
    denylist.denyClient('denied');
    const cases: [what: string, headers: () => Promise<Record<string, string>>, code: string][] = [
      ['no token', async () => ({}), 'token_missing'],
      ['a forged token', async () => bearer(await issuer.forge()), 'signature_invalid'],
      ['an expired token', async () => bearer(await issuer.mint({ expiresIn: -3_600 })), 'token_expired'],
      [
        'a token for another service',
        async () => bearer(await issuer.mint({ audience: 'other' })),
        'audience_mismatch',
      ],
      [
        'a token of another issuer',
        async () => bearer(await issuer.mint({ claims: { iss: 'https://evil.example/' } })),
        'issuer_mismatch',
      ],
      [
        'a withdrawn token',
        async () => bearer(await issuer.mint({ clientId: 'denied' })),
        'token_not_active',
      ],
      ['junk', async () => bearer('junk'), 'token_malformed'],
      [
        'two tokens',
        async () => ({ authorization: `Bearer ${await issuer.mint()} junk` }),
        'request_malformed',
      ],
    ];

    it.each(cases)('lets %s through as nobody', async (_what, headers, code) => {
      const { get } = await start({ denylist });
      const response = await get('/tried/token', await headers());
      expect([response.status, await response.json()]).toEqual([200, { caller: null, user: null }]);
      expect(stats()).toMatchObject({ refused: [], reported: [count(code)], recognised: 0, verified: 0 });
    });

    it.each(cases)('keeps %s out of every other route', async (_what, headers) => {
      const { get } = await start({ denylist });
      expect((await get('/tried/any', bearer(await issuer.mint()))).status).toBe(200);
      expect([400, 401]).toContain((await get('/tried/any', await headers())).status);
    });

    it('knows the caller of a valid token, and holds it to the scopes that are enforced', async () => {
      const { get } = await start();
      const writer = await issuer.mint({ scope: 'write:orders' });
      for (let call = 0; call < 2; call++) {
        const response = await get('/tried/token', bearer(writer));
        expect(await response.json()).toEqual({ caller: 'storefront', user: 'somebody' });
      }
      expect((await get('/tried/token', bearer(await issuer.mint()))).status).toBe(403);
    });

    it('does not answer 503 while there are no keys', async () => {
      issuer.down = true;
      try {
        const { get } = await start({ prefetch: false });
        expect((await get('/tried/any', bearer(await issuer.mint()))).status).toBe(503);
        const response = await get('/tried/token', bearer(await issuer.mint()));
        expect([response.status, await response.json()]).toEqual([200, { caller: null, user: null }]);
      } finally {
        issuer.down = false;
      }
    });
  });

  describe('for the sender', () => {
    it('lets a bearer token in, and a bound token from its sender alone', async () => {
      const { get, url } = await start({ sender: { required: true, dpop: true }, reportOnly: ['sender'] });
      expect((await get('/tried/any', bearer(await issuer.mint()))).status).toBe(200);
      expect(stats()).toMatchObject({ refused: [], reported: [count('sender_mismatch')] });
      const client = await DpopClient.create();
      const bound = await issuer.mint({ claims: client.claims });
      expect((await get('/tried/any', await client.headers('GET', `${url}/tried/any`, bound))).status).toBe(
        200,
      );
      expect((await get('/tried/any', bearer(bound))).status).toBe(401);
      expect(stats()).toMatchObject({
        refused: [count('sender_mismatch')],
        reported: [count('sender_mismatch')],
      });
    });

    it('refuses a bearer token on a route where it is enforced', async () => {
      const { get } = await start({ sender: { required: true, dpop: true } });
      expect((await get('/tried/any', bearer(await issuer.mint()))).status).toBe(401);
      expect((await get('/tried/everything', bearer(await issuer.mint()))).status).toBe(200);
    });
  });
});
