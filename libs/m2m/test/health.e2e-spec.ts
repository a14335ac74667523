import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { TerminusModule } from '@nestjs/terminus';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { M2mHealthIndicator } from '../src/health.js';
import { M2mModule, M2mTokens } from '../src/index.js';
import { audience, optionsFor } from './support/app.js';
import { startCallee, type TestCallee } from './support/callee.js';
import { FakeClock } from './support/fake-clock.js';
import { json, startIssuer, type TestIssuer } from './support/issuer.js';
import { errorOf } from './support/leaks.js';

@Module({})
class RootModule {}

let issuer: TestIssuer;
let callee: TestCallee;
let clock: FakeClock;
let tokens: M2mTokens;
let health: M2mHealthIndicator;
let close: () => Promise<void>;

beforeEach(async () => {
  issuer = await startIssuer();
  callee = await startCallee();
  clock = new FakeClock();
  const app = await NestFactory.createApplicationContext(
    {
      module: RootModule,
      imports: [M2mModule.forRoot(optionsFor(issuer, callee, { clock })), TerminusModule],
      providers: [M2mHealthIndicator],
    },
    { logger: false },
  );
  [tokens, health] = [app.get(M2mTokens), app.get(M2mHealthIndicator)];
  close = () => app.close();
});

afterEach(async () => {
  await close();
  await issuer.close();
  await callee.close();
});

/** Moves time with the real network in between. */
async function later(ms: number): Promise<void> {
  await clock.advance(ms);
  tokens.peek({ audience });
}

describe('health of the outgoing tokens', () => {
  it('is up before the first call, and with a token', async () => {
    expect(health.check()).toEqual({ m2m: { status: 'up' } });
    await tokens.getToken({ audience });
    expect(health.check('tokens')).toEqual({ tokens: { status: 'up', [audience]: 'usable for 60 min' } });
  });

  it('an issuer that is away is degraded while the token lives, and down after it', async () => {
    await tokens.getToken({ audience });
    issuer.always = json(429, {}, { 'retry-after': '3600' });
    await later(3_000_000);
    await expect
      .poll(() => health.check(), { timeout: 10_000 })
      .toEqual({ m2m: { status: 'degraded', [audience]: 'usable for 10 min, quota_exhausted' } });
    await clock.advance(600_000);
    expect(health.check()).toEqual({ m2m: { status: 'down', [audience]: 'none, quota_exhausted' } });
    expect(health.check('m2m', { withoutToken: 'degraded' })).toMatchObject({ m2m: { status: 'degraded' } });
  });

  it('is down where no token could be had', async () => {
    issuer.always = json(401, { error: 'invalid_client' });
    await errorOf(tokens.getToken({ audience }));
    expect(health.check()).toEqual({ m2m: { status: 'down', [audience]: 'none, client_rejected' } });
  });
});
