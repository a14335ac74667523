import { writeFile } from 'node:fs/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { printed, type SoakReport, verdictOn } from './soak/report.js';
import { runSoak } from './soak/soak.js';
import { testRedis } from './support/redis.js';

const redis = await testRedis();
const seed = Number(process.env['SOAK_SEED'] ?? 1);
const seconds = Number(process.env['SOAK_SECONDS'] ?? 10);
const reportFile = process.env['SOAK_REPORT'];

afterAll(() => redis?.stop());

describe.skipIf(redis === undefined)('a soak', () => {
  it(
    `of ${seconds} s while issuer, Redis, callees and instances break and are mended: no wrong token, no call without one`,
    { timeout: (seconds + 180) * 1_000 },
    async () => {
      if (redis === undefined) return;
      const report = await runSoak({ seconds, seed, redis });
      if (reportFile !== undefined) await writeFile(reportFile, printed(report));
      expect(verdictOn(report), printed(report)).toEqual([]);
      expect(report.chaos.size).toBeGreaterThan(2);
    },
  );
});

describe('the verdict on a soak', () => {
  const clean: SoakReport = {
    seed: 1,
    seconds: 10,
    succeeded: 1,
    errors: new Map([['status 500', { count: 1, example: 'inventory answered with status 500' }]]),
    chaos: new Map(),
    events: new Map(),
    mints: 1,
    wrongTokens: 0,
    unauthenticated: 0,
    endedOnTheWay: 1,
    unhandled: [],
    leaks: 0,
    recovered: true,
    heap: [1, 1, 1],
  };
  const untyped = new Map([['untyped: TypeError', { count: 1, example: 'x is not a function' }]]);
  const mebibyte = 1_048_576;

  it('is that it passed, where calls failed with a code and nothing else was wrong', () => {
    expect(verdictOn(clean)).toEqual([]);
    expect(printed(clean)).toMatch(/passed$/);
  });

  it.each<[Partial<SoakReport>, string]>([
    [{ wrongTokens: 1 }, '1 calls came with a wrong token.'],
    [{ unauthenticated: 1 }, '1 calls came without a token.'],
    [{ unhandled: ['Error: lost'] }, '1 rejections or exceptions were handled by nobody: Error: lost'],
    [{ leaks: 1 }, 'a token or the secret can be read at 1 places in errors.'],
    [{ errors: untyped }, 'errors without a code: untyped: TypeError.'],
    [{ recovered: false }, 'not every instance could call every callee when all was mended.'],
    [{ succeeded: 0 }, 'no call succeeded.'],
    [{ heap: [0, 20 * mebibyte, 30 * mebibyte] }, 'the heap grew by 30.0 MiB.'],
  ])('%o: %s', (finding, sentence) => {
    expect(verdictOn({ ...clean, ...finding })).toEqual([sentence]);
    expect(printed({ ...clean, ...finding })).toContain(`failed:\n  ${sentence}`);
  });
});
