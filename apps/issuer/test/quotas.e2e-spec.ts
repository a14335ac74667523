import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TokenQuotas } from '../src/quotas/token-quotas.js';
import { stockAudience } from './support/contracts.js';
import { RunningIssuer, type ManagementCall } from './support/running-issuer.js';
import { testStores, type TestStore } from './support/stores.js';

const stores = await testStores();

describe.each(stores.map((make) => [make === stores[0] ? 'SQLite' : 'PostgreSQL', make] as const))(
  'a client with a quota, on %s',
  (_, make) => {
    let issuer: RunningIssuer;
    let store: TestStore;
    let manage: ManagementCall;
    beforeAll(async () => {
      store = await make();
      issuer = await RunningIssuer.start({ store });
      manage = await issuer.management();
    });
    afterAll(async () => {
      await issuer.dispose();
      await store.drop();
    });

    const setQuota = (client_credentials: object) =>
      manage('PATCH', 'api/v2/clients/shop', { token_quota: { client_credentials } });
    const ask = () => issuer.token('shop', { audience: stockAudience });

    it('gets so many tokens, told how many are left, and then 429', async () => {
      expect((await setQuota({ per_hour: 2, per_day: 10 })).status).toBe(200);
      const answers = [await ask(), await ask(), await ask(), await ask()];
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 429, 429]);
      expect(answers[0]!.headers.get('auth0-client-quota-limit')).toMatch(
        /^b=per_hour;q=2;r=1;t=\d+,b=per_day;q=10;r=9;t=\d+$/,
      );
      const { headers, body } = answers[3]!;
      expect(body).toEqual({ error: 'too_many_requests', error_description: 'Client quota exceeded' });
      expect(headers.get('auth0-client-quota-limit')).toMatch(/r=0;t=\d+,b=per_day;q=10;r=8;/);
      const retryAfter = Number(headers.get('retry-after'));
      expect(retryAfter).toBeGreaterThan(0);
      expect(retryAfter).toBeLessThanOrEqual(3_600);
      expect((await issuer.token('sales', { audience: stockAudience })).status).toBe(200);
      expect(await issuer.parts.events.list({ take: 1, type: 'token_refused' })).toMatchObject([
        { reason: 'quota_exceeded' },
      ]);
    });

    it('gets no more of them by asking many times at once', async () => {
      await setQuota({ per_day: 7 });
      const answers = await Promise.all(Array.from({ length: 12 }, ask));
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(5);
    });

    it('gets more where the quota is only watched, and the events say so', async () => {
      await setQuota({ per_hour: 1, enforce: false });
      expect((await ask()).status).toBe(200);
      const [event] = await issuer.parts.events.list({ take: 1, type: 'token_issued' });
      expect(event).toMatchObject({ client_id: 'shop', detail: expect.stringMatching(/quota/) as string });
    });

    it('begins anew with the next hour', async () => {
      let now = 3_600 * 1_000;
      const quotas = new TokenQuotas(issuer.parts.store, () => now);
      const directory = await issuer.parts.directories.current();
      const client = {
        ...directory.client('stock')!,
        quota: { perHour: 1, perDay: undefined, enforce: true },
      };
      expect((await quotas.take(client))?.exceeded).toBe(false);
      expect(await quotas.take(client)).toEqual({
        exceeded: true,
        uses: [{ window: 'per_hour', quota: 1, remaining: 0, resetAfter: 3_600 }],
      });
      now += 3_600;
      expect((await quotas.take(client))?.exceeded).toBe(false);
    });

    it('cannot have a quota of less than one', async () => {
      expect(await setQuota({ per_hour: 0 })).toMatchObject({
        status: 400,
        body: { errorCode: 'invalid_body' },
      });
    });
  },
);

describe('the rate limit', () => {
  it('answers 429 to a client that asks too often, and to nobody where there is none', async () => {
    const issuer = await RunningIssuer.start({ env: { ISSUER_RATE_LIMIT: '2' } });
    try {
      const answers = await Promise.all(
        Array.from({ length: 8 }, () => issuer.token('shop', { audience: 'nowhere' })),
      );
      const refused = answers.filter(({ status }) => status === 429);
      expect(refused.length).toBeGreaterThan(0);
      expect(answers.filter(({ status }) => status === 403).length).toBeGreaterThanOrEqual(2);
      const [{ body, headers }] = refused as [(typeof refused)[number]];
      expect(body).toEqual({
        error: 'too_many_requests',
        error_description: 'Global limit has been reached',
      });
      expect([headers.get('retry-after'), headers.get('x-ratelimit-limit')]).toEqual(['1', '2']);
      expect((await issuer.token('sales', { audience: stockAudience })).status).toBe(200);
    } finally {
      await issuer.dispose();
    }
  });

  it('counts a client by the name in its header, however that is written', async () => {
    const issuer = await RunningIssuer.start({ env: { ISSUER_RATE_LIMIT: '1' } });
    try {
      const ask = async (client: string, name = client) => {
        const body = new URLSearchParams({ grant_type: 'client_credentials', audience: stockAudience });
        const authorization = `Basic ${btoa(`${name}:${issuer.secret(client)}`)}`;
        return (await issuer.post(body, { authorization })).status;
      };
      expect(await Promise.all([ask('shop'), ask('sales')])).toEqual([200, 200]);
      expect((await Promise.all([ask('shop'), ask('shop', 'sh%6Fp')])).sort()).toContain(429);
    } finally {
      await issuer.dispose();
    }
  });
});
