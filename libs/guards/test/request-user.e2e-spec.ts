import { Controller, Get, Req } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Authenticated, Caller, Public } from '../src/index.js';
import { ADAPTERS, bearer, createApp, appModule } from './support/app.js';
import { AUDIENCE, TestIssuer } from './support/issuer.js';

interface WithUser {
  user?: unknown;
}

@Controller('user')
class UserController {
  @Get('found')
  @Authenticated()
  found(@Req() request: WithUser, @Caller() caller: Caller) {
    return { same: request.user === caller, clientId: caller.clientId };
  }

  @Get('assigned')
  @Authenticated()
  assigned(@Req() request: WithUser, @Caller() caller: Caller) {
    const before = request.user === caller;
    request.user = { name: 'somebody' };
    const assigned = request.user;
    request.user = undefined;
    return { before, assigned, emptied: request.user === undefined, clientId: caller.clientId };
  }

  @Get('open')
  @Public()
  open(@Req() request: WithUser) {
    return { user: request.user ?? null };
  }
}

describe.each(ADAPTERS)('request.user on %s', (adapter) => {
  let issuer: TestIssuer;
  let app: Awaited<ReturnType<typeof createApp>>;
  const get = async (path: string, headers: Record<string, string>): Promise<unknown> =>
    (await fetch(new URL(path, await app.getUrl()), { headers })).json();

  beforeAll(async () => {
    issuer = await TestIssuer.start();
    app = await createApp(adapter, appModule({ issuer: issuer.url, audience: AUDIENCE }, [UserController]));
    app.use((request: { raw?: WithUser } & WithUser, _response: unknown, next: () => void) => {
      const { presumed } = (request as { headers?: { presumed?: string } }).headers ?? {};
      if (presumed !== undefined) request.user = { name: presumed };
      next();
    });
    await app.listen(0, '127.0.0.1');
  });
  afterAll(async () => {
    await app?.close();
    await issuer?.close();
  });

  it('is the caller, of each request its own', async () => {
    const tokens = await Promise.all(
      ['one', 'two'].map((azp) => issuer.mint({ claims: { azp, sub: `${azp}@clients` } })),
    );
    for (let round = 0; round < 2; round++) {
      const answers = await Promise.all(tokens.map((token) => get('/user/found', bearer(token))));
      expect(answers).toEqual([
        { same: true, clientId: 'one' },
        { same: true, clientId: 'two' },
      ]);
    }
    expect(await get('/user/open', {})).toEqual({ user: null });
  });

  it('can be assigned, which says nothing about the caller', async () => {
    expect(await get('/user/assigned', bearer(await issuer.mint()))).toEqual({
      before: true,
      assigned: { name: 'somebody' },
      emptied: true,
      clientId: 'storefront',
    });
  });

  it('is the caller, whoever was there before', async () => {
    const headers = { ...bearer(await issuer.mint()), presumed: 'admin' };
    expect(await get('/user/found', headers)).toEqual({ same: true, clientId: 'storefront' });
  });
});
