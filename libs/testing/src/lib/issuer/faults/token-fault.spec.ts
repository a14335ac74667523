import { decodeJwt } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { askToken } from '../../../../test/support/ask-token.js';
import { CertificateAuthority } from '../../keys/certificate-authority.js';
import { generateSigningKey } from '../../keys/signing-key.js';
import { signDpopProof } from '../../tokens/dpop-proof.js';
import { LoopbackIssuer } from '../loopback-issuer.js';

const key = generateSigningKey('ES256');

describe('faults of the token endpoint', () => {
  let issuer: LoopbackIssuer;
  let later = 0;
  beforeAll(async () => {
    const { certificate } = await (await CertificateAuthority.create()).issue('orders');
    issuer = await LoopbackIssuer.start({
      apis: [{ audience: 'https://orders.example', scopes: ['read:orders'], tokenLifetime: 600 }],
      clients: [{ clientId: 'plain' }, { clientId: 'other' }, { clientId: 'bound', certificate }],
      now: () => Date.now() + later,
    });
  });
  afterEach(() => {
    issuer.recover();
    later = 0;
  });
  afterAll(() => issuer.close());

  const ask = (headers: Record<string, string> = {}, clientId = 'plain') =>
    askToken(issuer, clientId, {}, headers);
  const prove = (nonce?: string) => ({
    dpop: signDpopProof(key, { method: 'POST', url: issuer.tokenUrl, ...(nonce && { nonce }) }),
  });

  it('oauth-error: any error, and a token once it recovers', async () => {
    issuer.fault('token', { kind: 'oauth-error', error: 'invalid_client', status: 401, description: 'No.' });
    expect(await ask()).toMatchObject({
      status: 401,
      body: { error: 'invalid_client', error_description: 'No.' },
    });

    issuer.fault('token', { kind: 'oauth-error', error: 'invalid_scope' });
    expect(await ask()).toMatchObject({ status: 400, body: { error: 'invalid_scope' } });

    issuer.recover();
    expect((await ask()).status).toBe(200);
  });

  it('same-token: the last one again, with what is left of its lifetime, and a new one once it recovers', async () => {
    const first = await ask();
    later = 60_000;
    issuer.fault('token', { kind: 'same-token' });
    const again = await ask();

    expect(again.body).toEqual({ ...first.body, expires_in: expect.any(Number) as number });
    expect(again.body.expires_in).toBeLessThanOrEqual(541);
    issuer.recover();
    expect((await ask()).body.access_token).not.toBe(first.body.access_token);
  });

  it('same-token: gives no client the token of another', async () => {
    const first = await ask();
    issuer.fault('token', { kind: 'same-token' });

    expect(decodeJwt((await ask({}, 'other')).body.access_token)['azp']).toBe('other');
    expect((await ask()).body.access_token).toBe(first.body.access_token);
  });

  it.each([undefined, '600', 'soon', 0, -1, null, 1e12, 0.5, Number.MAX_SAFE_INTEGER])(
    'expires-in: %j, where 600 is right',
    async (value) => {
      issuer.fault('token', { kind: 'expires-in', value });
      const { body } = await ask();

      expect(body.expires_in).toBe(value);
      const { exp = 0, iat = 0 } = decodeJwt(body.access_token);
      expect(exp - iat).toBe(600);
      issuer.recover();
      expect((await ask()).body.expires_in).toBe(600);
    },
  );

  it.each([300, -300])('skew: by %i seconds, and none once it recovers', async (seconds) => {
    const offset = async () => {
      const { iat = 0, exp = 0 } = decodeJwt((await ask()).body.access_token);
      expect(exp - iat).toBe(600);
      return iat - Date.now() / 1000;
    };
    issuer.fault('token', { kind: 'skew', seconds });
    expect(Math.abs((await offset()) - seconds)).toBeLessThan(30);

    issuer.recover();
    expect(Math.abs(await offset())).toBeLessThan(30);
  });

  it('scope: another one, or none, where the right one is read:orders', async () => {
    const scope = async () => (await ask()).body.scope;
    issuer.fault('token', { kind: 'scope', scope: 'admin' });
    expect(await scope()).toBe('admin');
    issuer.fault('token', { kind: 'scope', scope: undefined });
    expect(await scope()).toBeUndefined();

    issuer.recover();
    expect(await scope()).toBe('read:orders');
  });

  it.each(['mac', 'N_A', undefined, 7])('token-type: %j, where Bearer is right', async (value) => {
    issuer.fault('token', { kind: 'token-type', value });
    expect((await ask()).body.token_type).toBe(value);

    issuer.recover();
    expect((await ask()).body.token_type).toBe('Bearer');
  });

  it('no-token: success without a token', async () => {
    issuer.fault('token', { kind: 'no-token' });
    const { status, body } = await ask();
    expect([status, body.access_token]).toEqual([200, undefined]);

    issuer.recover();
    expect((await ask()).body.access_token).toBeTypeOf('string');
  });

  it('dpop-nonce: use_dpop_nonce until the proof carries it, and the next one with the token', async () => {
    issuer.fault('token', { kind: 'dpop-nonce', nonce: 'n-1', next: 'n-2' });

    for (const nonce of [undefined, 'n-0']) {
      const asked = await ask(prove(nonce));
      expect([asked.status, asked.body.error]).toEqual([400, 'use_dpop_nonce']);
      expect(asked.headers.get('dpop-nonce')).toBe('n-1');
    }
    const given = await ask(prove('n-1'));
    expect([given.status, given.body.token_type]).toEqual([200, 'DPoP']);
    expect(given.headers.get('dpop-nonce')).toBe('n-2');
  });

  it('dpop-nonce: asks nothing of a request without a proof', async () => {
    issuer.fault('token', { kind: 'dpop-nonce', nonce: 'n-1' });

    expect((await ask()).status).toBe(200);
  });

  it('unbound: a plain bearer token, whatever the client proved', async () => {
    issuer.fault('token', { kind: 'unbound' });
    for (const { body } of [await ask(prove()), await ask({}, 'bound')]) {
      expect(body.token_type).toBe('Bearer');
      expect(decodeJwt(body.access_token)).not.toHaveProperty('cnf');
    }

    issuer.recover();
    expect(decodeJwt((await ask(prove())).body.access_token)).toHaveProperty('cnf.jkt');
    expect(decodeJwt((await ask({}, 'bound')).body.access_token)).toHaveProperty(['cnf', 'x5t#S256']);
  });

  it('client-quota: what is left of it, beside the token', async () => {
    const header = async () => {
      const { status, headers } = await ask();
      expect(status).toBe(200);
      return headers.get('auth0-client-quota-limit');
    };
    const quota = [{ bucket: 'per_hour', quota: 10, remaining: 7, resetsIn: 3540 }] as const;
    issuer.fault('token', { kind: 'client-quota', quota });
    expect(await header()).toBe('b=per_hour;q=10;r=7;t=3540');

    issuer.recover();
    expect(await header()).toBeNull();
  });
});
