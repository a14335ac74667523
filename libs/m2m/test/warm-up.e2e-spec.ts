import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { M2mModuleOptions } from '../src/index.js';
import { audience, optionsFor, startApp } from './support/app.js';
import { startCallee, type TestCallee } from './support/callee.js';
import { FakeClock, settle } from './support/fake-clock.js';
import { json, startIssuer, type TestIssuer } from './support/issuer.js';
import { errorOf } from './support/leaks.js';

let issuer: TestIssuer;
let callee: TestCallee;
let clock: FakeClock;
let closers: (() => Promise<void>)[];

beforeEach(async () => {
  issuer = await startIssuer();
  callee = await startCallee();
  clock = new FakeClock();
  closers = [() => issuer.close(), () => callee.close()];
});

afterEach(async () => {
  for (const close of closers.reverse()) await close();
});

const request = { audience, scopes: ['read:stock', 'write:reservations'] };
const start = async (warmUp?: M2mModuleOptions['warmUp']) => {
  const app = await startApp(optionsFor(issuer, callee, { clock, ...(warmUp !== undefined && { warmUp }) }));
  closers.push(() => app.close());
  return app;
};

describe('warm-up', () => {
  it('asks for nothing at boot by default', async () => {
    await start();
    await clock.advance(600_000);
    expect(issuer.seen).toEqual([]);
  });

  it.each([
    [true, 1_000],
    [{ jitter: 60_000 }, 30_000],
  ])('%j gets the token of each connection after a pause at random', async (warmUp, pause) => {
    const { tokens } = await start(warmUp);
    await clock.advance(pause - 1);
    expect(issuer.seen).toEqual([]);
    await clock.advance(1);
    await vi.waitFor(() => expect(tokens.peek(request)?.audience).toBe(audience));
    await tokens.getToken(request);
    expect(issuer.seen).toHaveLength(1);
  });

  it('that fails stops no boot; the first call tries again', async () => {
    issuer.next.push(json(401, { error: 'invalid_client' }));
    const { tokens } = await start({ jitter: 0 });
    await clock.advance(0);
    await vi.waitFor(() => expect(tokens.stats()[0]?.failed).toBe(1));
    await clock.advance(10_000);
    expect((await tokens.getToken(request)).audience).toBe(audience);
  });

  it('ends with the app', async () => {
    const app = await start(true);
    await app.close();
    closers.pop();
    await clock.advance(60_000);
    await settle();
    expect(issuer.seen).toEqual([]);
  });

  it('with a pause that is none stops the boot', async () => {
    expect(await errorOf(start({ jitter: -1 }))).toMatchObject({
      problems: ['warmUp.jitter must be from 0 to 600000 milliseconds.'],
    });
  });
});
