import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { stockAudience } from './support/contracts.js';
import { RunningIssuer, type ManagementCall } from './support/running-issuer.js';

describe('faults on demand', () => {
  let issuer: RunningIssuer;
  let manage: ManagementCall;
  beforeAll(async () => {
    issuer = await RunningIssuer.start({ env: { ISSUER_FAULTS: 'enabled' } });
    manage = await issuer.management();
  });
  afterEach(async () => void (await manage('DELETE', 'faults')));
  afterAll(() => issuer.dispose());

  const ask = (client = 'shop') => issuer.token(client, { audience: stockAudience });
  const make = async (fault: object) =>
    expect(await manage('POST', 'faults', fault)).toMatchObject({ status: 201 });
  const keys = () => fetch(`${issuer.url}.well-known/jwks.json`);
  const verify = (token: string) =>
    jwtVerify(token, createRemoteJWKSet(new URL(`${issuer.url}.well-known/jwks.json`)), {
      issuer: issuer.url,
    });

  it('answer 429 so often, and then the token', async () => {
    await make({ kind: 'rate-limit', retry_after: 7, times: 2 });
    const answers = [await ask(), await ask(), await ask()];
    expect(answers.map(({ status }) => status)).toEqual([429, 429, 200]);
    expect(answers[0]!.headers.get('retry-after')).toBe('7');
    expect(answers[0]!.body.error).toBe('too_many_requests');
  });

  it('answer 500 to one client, and not to another', async () => {
    await make({ kind: 'error', client_id: 'shop' });
    expect([(await ask('shop')).status, (await ask('sales')).status]).toEqual([500, 200]);
    expect(await issuer.parts.events.list({ take: 1, type: 'token_refused' })).toMatchObject([
      { reason: 'fault_injected', client_id: 'shop' },
    ]);
  });

  it('make every answer wait', async () => {
    await make({ kind: 'latency', milliseconds: 300 });
    const start = performance.now();
    expect((await ask()).status).toBe(200);
    expect(performance.now() - start).toBeGreaterThanOrEqual(299);
  });

  it('answer nothing at all, and forget a client that goes away', async () => {
    await make({ kind: 'hang', client_id: 'shop', times: 1 });
    const body = new URLSearchParams({ client_id: 'shop' });
    const signal = AbortSignal.timeout(300);
    await expect(fetch(`${issuer.url}oauth/token`, { method: 'POST', body, signal })).rejects.toThrow(
      /timeout/,
    );
    expect((await ask()).status).toBe(200);
  });

  it('break the key set, or refuse it', async () => {
    await make({ kind: 'broken-jwks', times: 1 });
    await expect((await keys()).json()).rejects.toThrow(SyntaxError);
    await make({ kind: 'error', endpoint: 'jwks', times: 1 });
    expect((await keys()).status).toBe(500);
    expect((await keys()).status).toBe(200);
  });

  it('sign with a key that nobody knows', async () => {
    await make({ kind: 'unknown-kid', times: 1 });
    await expect(verify((await ask()).body.access_token)).rejects.toMatchObject({
      code: 'ERR_JWKS_NO_MATCHING_KEY',
    });
    await expect(verify((await ask()).body.access_token)).resolves.toBeDefined();
  });

  it('have a clock that is wrong', async () => {
    await make({ kind: 'skewed-clock', skew: -7_200, times: 1 });
    const { body } = await ask();
    await expect(verify(body.access_token)).rejects.toMatchObject({ code: 'ERR_JWT_EXPIRED' });
    const { iat, exp } = decodeJwt(body.access_token);
    expect(exp! - iat!).toBe(600);
  });

  it('do not befall the client that ends them', async () => {
    await make({ kind: 'error' });
    expect((await ask()).status).toBe(500);
    expect((await issuer.token('issuer-management', { audience: `${issuer.url}api/v2/` })).status).toBe(200);
    const { faults } = (await manage('GET', 'faults')).body as { faults: { id: string; kind: string }[] };
    expect(faults).toMatchObject([{ kind: 'error' }]);
    expect((await manage('DELETE', `faults/${faults[0]!.id}`)).status).toBe(204);
    expect((await ask()).status).toBe(200);
  });

  it('are bounded', async () => {
    const answers = await Promise.all(
      Array.from({ length: 55 }, () => manage('POST', 'faults', { kind: 'unknown-kid' })),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(50);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(5);
  });

  it.each([
    ['of an unknown kind', { kind: 'fire' }],
    ['that lasts for ever', { kind: 'error', seconds: 1e9 }],
  ])('are refused: one %s', async (_name, fault) => {
    expect(await manage('POST', 'faults', fault)).toMatchObject({
      status: 400,
      body: { errorCode: 'invalid_body' },
    });
  });

  it('need the scope, and the flag', async () => {
    const weak = await issuer.management('read:clients');
    expect(await weak('POST', 'faults', { kind: 'error' })).toMatchObject({ status: 403 });
    const plain = await RunningIssuer.start();
    try {
      const call = await plain.management();
      expect((await call('POST', 'faults', { kind: 'error' })).status).toBe(404);
      expect((await call('GET', 'drift')).status).toBe(200);
    } finally {
      await plain.dispose();
    }
  });
});
