import { Controller, Get, Req, UseGuards } from '@nestjs/common';
import { AuthGuard, PassportStrategy } from '@nestjs/passport';
import { Strategy } from 'passport-jwt';
import passport from 'passport';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Authenticated, type Caller, JwtStrategy, Public, RequireScopes } from '../src/index.js';
import { ADAPTERS, bearer, type RunningApp, startApp } from './support/app.js';
import { AUDIENCE, TestIssuer } from './support/issuer.js';

interface WithUser {
  readonly user?: Caller;
}

@Controller('passport')
class PassportController {
  @Get('alone')
  @Public()
  @UseGuards(AuthGuard('jwt'))
  alone(@Req() request: WithUser) {
    return { clientId: request.user?.clientId };
  }

  @Get('either')
  @Public()
  @UseGuards(AuthGuard(['jwt', 'anonymous-for-tests']))
  either(@Req() request: WithUser) {
    return { clientId: request.user?.clientId };
  }

  @Get('beside')
  @RequireScopes('read:orders')
  @UseGuards(AuthGuard('jwt'))
  beside(@Req() request: WithUser) {
    return { clientId: request.user?.clientId };
  }

  @Get('guarded')
  @Authenticated()
  guarded(@Req() request: WithUser) {
    return { clientId: request.user?.clientId };
  }
}

describe.each(ADAPTERS)("AuthGuard('jwt') beside AuthModule, on %s", (adapter) => {
  let issuer: TestIssuer;
  let app: RunningApp;

  beforeAll(async () => {
    issuer = await TestIssuer.start();
    app = await startApp(adapter, { issuer: issuer.url, audience: AUDIENCE }, [PassportController]);
  });
  afterAll(async () => {
    await app?.close();
    await issuer?.close();
  });

  it.each(['/passport/alone', '/passport/beside', '/passport/guarded'])(
    'puts the caller on the request as its user: %s',
    async (path) => {
      const token = await issuer.mint();
      for (let index = 0; index < 2; index += 1) {
        const response = await app.get(path, bearer(token));
        expect(response.status).toBe(200);
        expect(await response.json()).toEqual({ clientId: 'storefront' });
      }
    },
  );

  it.each([
    ['signed by a stranger', () => issuer.forge(), 401, 'signature_invalid'],
    [
      'for another audience',
      () => issuer.mint({ audience: 'https://stock.example' }),
      401,
      'audience_mismatch',
    ],
    ['that has expired', () => issuer.mint({ expiresIn: -60, claims: { iat: 1 } }), 401, 'token_expired'],
    ['followed by junk', async () => `${await issuer.mint()} junk`, 400, 'request_malformed'],
  ])('refuses a token %s by the same rules, and says why', async (_, mint, status, code) => {
    const response = await app.get('/passport/alone', bearer(await mint()));
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ statusCode: status, code });
  });

  it('answers 401 without credentials', async () => {
    expect((await app.get('/passport/alone')).status).toBe(401);
  });

  it('asks the next strategy when there are no credentials, and not when they do not hold', async () => {
    passport.use('anonymous-for-tests', {
      name: 'anonymous-for-tests',
      authenticate(this: { success(user: object): void }) {
        this.success({ clientId: 'anonymous' });
      },
    } as never);
    expect(await (await app.get('/passport/either')).json()).toEqual({ clientId: 'anonymous' });
    expect((await app.get('/passport/either', bearer(await issuer.forge()))).status).toBe(401);
    passport.unuse('anonymous-for-tests');
  });
});

describe('a request that no key of the issuer fits', () => {
  const rejections: unknown[] = [];
  const record = (reason: unknown): void => void rejections.push(reason);

  afterEach(() => {
    process.off('unhandledRejection', record);
    rejections.length = 0;
  });

  it.each(ADAPTERS)('is refused, and leaves no rejection unhandled, on %s', async (adapter) => {
    process.on('unhandledRejection', record);
    const issuer = await TestIssuer.start();
    const app = await startApp(adapter, { issuer: issuer.url, audience: AUDIENCE }, [PassportController]);
    try {
      const good = await issuer.mint();
      const [header, payload] = (await issuer.mint({ header: { kid: 'unknown' } })).split('.');
      for (const path of ['/passport/alone', '/passport/guarded']) {
        for (const token of [
          `${header}.${payload}.`,
          `${header}.${payload}.AAAA`,
          `${header}..`,
          '..',
          'a.b.',
        ]) {
          const response = await app.get(path, bearer(token));
          expect(response.status).toBe(401);
          expect(await response.json()).toMatchObject({ error: 'invalid_token' });
        }
        expect((await app.get(path, bearer(good))).status).toBe(200);
      }
      await new Promise((resolve) => setImmediate(resolve));
      expect(rejections).toEqual([]);
    } finally {
      await app.close();
      await issuer.close();
    }
  });
});

describe('two applications in one process', () => {
  it('each verify with their own rules', async () => {
    const [one, other] = await Promise.all([TestIssuer.start(), TestIssuer.start()]);
    const first = await startApp('fastify', { issuer: one.url, audience: AUDIENCE }, [PassportController]);
    const second = await startApp('fastify', { issuer: other.url, audience: AUDIENCE }, [PassportController]);
    try {
      const [token, foreign] = await Promise.all([one.mint(), other.mint()]);
      expect((await first.get('/passport/guarded', bearer(token))).status).toBe(200);
      expect((await second.get('/passport/guarded', bearer(foreign))).status).toBe(200);
      expect((await first.get('/passport/guarded', bearer(foreign))).status).toBe(401);
      expect((await second.get('/passport/guarded', bearer(token))).status).toBe(401);
      expect(first.app.get(JwtStrategy).name).not.toBe(second.app.get(JwtStrategy).name);
    } finally {
      await Promise.all([first.close(), second.close(), one.close(), other.close()]);
    }
  });
});

describe('another strategy on passport-jwt', () => {
  it('verifies as it did before', async () => {
    const { default: jwt } = await import('jsonwebtoken');
    class OtherStrategy extends PassportStrategy(Strategy, 'other-jwt') {
      constructor() {
        super({
          jwtFromRequest: (request: { token: string }) => request.token,
          secretOrKey: 'a shared secret',
        });
      }
      validate(payload: object) {
        return payload;
      }
    }
    const strategy = new OtherStrategy() as unknown as Record<string, unknown>;
    const run = (token: string): Promise<unknown> =>
      new Promise((resolve) => {
        const running = Object.create(strategy) as Record<string, (...args: unknown[]) => void>;
        running['success'] = resolve;
        running['fail'] = (info: unknown) => resolve(info);
        running['error'] = (error: unknown) => resolve(error);
        running['authenticate']?.({ token });
      });
    expect(await run(jwt.sign({ sub: 'a' }, 'a shared secret'))).toMatchObject({ sub: 'a' });
    expect(await run(jwt.sign({ sub: 'a' }, 'another secret'))).toMatchObject({ name: 'JsonWebTokenError' });
    passport.unuse('other-jwt');
  });
});
