import { describe, expect, it } from 'vitest';
import { isSecretName, redact, redacted, redactRecord, redactText } from './redaction.js';

describe('isSecretName', () => {
  it.each([
    'authorization',
    'Proxy-Authorization',
    'cookie',
    'set-cookie',
    'client_secret',
    'clientSecret',
    'M2M_CLIENT_SECRET_NEXT',
    'access_token',
    'refreshToken',
    'id-token',
    'token',
    'client_assertion',
    'x-api-key',
    'privateKey',
    'PASSWORD',
    'DPoP',
    'code_verifier',
  ])('%s', (name) => expect(isSecretName(name)).toBe(true));

  it.each(['sku', 'tokenUrl', 'token_type', 'clientId', 'tokens', 'status', 'keyId'])('not %s', (name) =>
    expect(isSecretName(name)).toBe(false),
  );
});

describe('redact', () => {
  it('hides secrets by name at any depth, in arrays, maps and headers', () => {
    const value = {
      sku: 'ABC-1',
      a: [{ b: { Authorization: 'Bearer abc', kept: 1 } }],
      map: new Map([['client_secret', 's3cret']]),
      headers: new Headers({ cookie: 'session=1', accept: '*/*' }),
    };
    expect(redact(value)).toEqual({
      sku: 'ABC-1',
      a: [{ b: { Authorization: redacted, kept: 1 } }],
      map: { client_secret: redacted },
      headers: { cookie: redacted, accept: '*/*' },
    });
  });

  it('hides an object under a secret name whole, and leaves a count', () => {
    expect(redact({ credentials: { user: 'a', id: 1 }, expired_token: 3 })).toEqual({
      credentials: redacted,
      expired_token: 3,
    });
  });

  it('reduces an error to what went wrong, with its causes', () => {
    const cause = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    const error = Object.assign(new Error('call failed', { cause }), {
      status: 503,
      config: { headers: { authorization: 'Bearer abc' } },
      response: { data: 'secret page' },
    });
    const copy = redact(error);
    expect(copy).toMatchObject({
      type: 'Error',
      message: 'call failed',
      status: 503,
      cause: { message: 'connect ECONNREFUSED', code: 'ECONNREFUSED' },
    });
    expect(Object.keys(copy as object).sort()).toEqual([
      'cause',
      'code',
      'message',
      'stack',
      'status',
      'type',
    ]);
  });

  it('ends at cycles, depth and size', () => {
    const cycle: Record<string, unknown> = { name: 'a' };
    cycle['self'] = cycle;
    expect(JSON.stringify(redact(cycle))).toContain('[too deep]');
    const wide = Array.from({ length: 50 }, () => Array.from({ length: 50 }, () => ({ a: 1 })));
    expect(JSON.stringify(redact(wide))).toContain('[cut]');
    expect(redact({ raw: Buffer.from('secret') })).toEqual({ raw: '[binary]' });
  });

  it('cuts a long text, and what an error says', () => {
    const { text, error } = redact({ text: 'a'.repeat(100_000), error: new Error('b'.repeat(100_000)) }) as {
      text: string;
      error: { message: string; stack: string };
    };
    for (const each of [text, error.message, error.stack]) {
      expect(each).toMatch(/\[cut\]$/);
      expect(each.length).toBeLessThan(9_000);
    }
  });

  it('leaves the query of a URL out', () => {
    expect(redactRecord({ url: new URL('https://a.example/x?code=1#t') })).toEqual({
      url: 'https://a.example/x',
    });
  });
});

describe('redactText', () => {
  const token = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJvcmRlcnMifQ.c2lnbmF0dXJl';

  it.each([
    ['an authorization header', `authorization: Bearer ${token}`, `authorization: Bearer ${redacted}`],
    ['basic credentials', 'Basic b3JkZXJzOnNlY3JldA==', `Basic ${redacted}`],
    ['a bare JWT', `got ${token} from it`, `got ${redacted} from it`],
    ['a form', 'grant_type=x&client_secret=abc&scope=y', `grant_type=x&client_secret=${redacted}&scope=y`],
    ['a query', '/cb?access_token=abc&x=1', `/cb?access_token=${redacted}&x=1`],
    [
      'a private key',
      'k -----BEGIN PRIVATE KEY-----\\nMIIE\\n-----END PRIVATE KEY----- k',
      `k ${redacted} k`,
    ],
  ])('%s', (_, text, expected) => expect(redactText(text)).toBe(expected));

  it('leaves ordinary text alone', () => {
    const text = 'Basic checks passed for order 7, bearer of news: token_expired';
    expect(redactText(text)).toBe(text);
  });

  it.each([
    ['heads of tokens', '-eyJaaaaa'.repeat(20_000)],
    ['tokens without an end', `${'eyJaaaaaaa-'.repeat(10_000)}.${'a'.repeat(100_000)}`],
    ['heads of keys', '-----BEGIN A'.repeat(20_000)],
    ['schemes', 'Bearer '.repeat(30_000)],
    ['spaces', `Bearer${' '.repeat(200_000)}`],
  ])('is not slow with many %s', (_, text) => {
    const startedAt = performance.now();
    redactText(text);
    expect(performance.now() - startedAt).toBeLessThan(1_500);
  });
});
