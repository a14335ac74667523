import { afterAll, describe, expect, it } from 'vitest';
import { printed, verdictOn } from './soak/report.js';
import { runSoak } from './soak/soak.js';
import { testRedis } from './support/redis.js';

const redis = await testRedis();
const seed = Number(process.env['SOAK_SEED'] ?? 1);
const seconds = Number(process.env['SOAK_SECONDS'] ?? 10);

afterAll(() => redis?.stop());

describe.skipIf(redis === undefined)('a soak', () => {
  it(
    `of ${seconds} s while issuer, Redis, callees and instances break and are mended: no wrong token, no call without one`,
    { timeout: (seconds + 180) * 1_000 },
    async () => {
      if (redis === undefined) return;
      const report = await runSoak({ seconds, seed, redis });
      if (seconds > 10) console.log(printed(report));
      expect(verdictOn(report), printed(report)).toEqual([]);
      expect(report.chaos.size).toBeGreaterThan(2);
    },
  );
});
