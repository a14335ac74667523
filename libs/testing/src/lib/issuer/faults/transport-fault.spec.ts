import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { askToken } from '../../../../test/support/ask-token.js';
import { LoopbackIssuer } from '../loopback-issuer.js';
import { type Endpoint } from './fault.js';
import { type TransportFault } from './transport-fault.js';

const quota = [
  { bucket: 'per_hour', quota: 10, remaining: 0, resetsIn: 3540 },
  { bucket: 'per_day', quota: 100, remaining: 7, resetsIn: 80_000 },
] as const;

type Check = (response: Response) => Promise<void>;

const cases: readonly (readonly [name: string, fault: TransportFault, check: Check])[] = [
  ['status', { kind: 'status', status: 500 }, async (r) => expect(r.status).toBe(500)],
  [
    'rate-limited, in seconds',
    { kind: 'rate-limited', retryAfter: 7 },
    async (r) => {
      expect([r.status, r.headers.get('retry-after')]).toEqual([429, '7']);
      expect(r.headers.has('auth0-client-quota-limit')).toBe(false);
      expect(await r.json()).toMatchObject({ error: 'too_many_requests' });
    },
  ],
  [
    'rate-limited, until a date',
    { kind: 'rate-limited', retryAfter: new Date(Date.UTC(2030, 0, 2, 3, 4, 5)) },
    async (r) => expect(r.headers.get('retry-after')).toBe('Wed, 02 Jan 2030 03:04:05 GMT'),
  ],
  [
    'rate-limited, with the quota of Auth0',
    { kind: 'rate-limited', quota },
    async (r) => {
      expect(r.headers.get('auth0-client-quota-limit')).toBe(
        'b=per_hour;q=10;r=0;t=3540,b=per_day;q=100;r=7;t=80000',
      );
      expect(r.headers.has('retry-after')).toBe(false);
    },
  ],
  ['html', { kind: 'html' }, async (r) => expect(await r.text()).toContain('<html>')],
  ['not-json', { kind: 'not-json' }, async (r) => expect(r.json()).rejects.toThrow(SyntaxError)],
  [
    'huge',
    { kind: 'huge', bytes: 100_000 },
    async (r) => {
      const text = await r.text();
      expect(text.length).toBeGreaterThan(100_000);
      expect(JSON.parse(text)).toMatchObject({ filler: expect.any(String) as string });
    },
  ],
  ['json', { kind: 'json', body: { no: 1 } }, async (r) => expect(await r.json()).toEqual({ no: 1 })],
  ['slow', { kind: 'slow', delayMs: 20 }, async (r) => expect(r.json()).resolves.toBeDefined()],
  ['truncated', { kind: 'truncated' }, async (r) => expect(r.text()).rejects.toThrow()],
  ['drip', { kind: 'drip' }, async (r) => expect(r.text()).rejects.toThrow(/timeout|aborted/i)],
];

describe.each<[Endpoint, string]>([
  ['discovery', 'issuer'],
  ['jwks', 'keys'],
  ['token', 'access_token'],
])('faults of %s', (endpoint, rightMember) => {
  let issuer: LoopbackIssuer;
  beforeAll(async () => {
    issuer = await LoopbackIssuer.start();
  });
  afterEach(() => issuer.recover());
  afterAll(() => issuer.close());

  const ask = (timeout = 10_000): Promise<Response> => {
    const signal = AbortSignal.timeout(timeout);
    if (endpoint === 'discovery')
      return fetch(`${issuer.issuer}.well-known/openid-configuration`, { signal, redirect: 'manual' });
    if (endpoint === 'jwks') return fetch(issuer.jwksUri, { signal, redirect: 'manual' });
    const body = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: 'test-client',
      client_secret: issuer.clientSecret('test-client'),
    });
    return fetch(issuer.tokenUrl, { method: 'POST', body, signal, redirect: 'manual' });
  };
  const expectRight = async (): Promise<void> =>
    expect(await (await ask()).json()).toHaveProperty(rightMember);

  it.each(cases)('%s, and recovers', async (name, fault, check) => {
    issuer.fault(endpoint, fault);
    await check(await ask(name === 'drip' ? 200 : 10_000));

    issuer.recover(endpoint);
    await expectRight();
  });

  it.each([{ kind: 'hang' }, { kind: 'disconnect' }] as const)('$kind gives no answer', async (fault) => {
    issuer.fault(endpoint, fault);
    await expect(ask(fault.kind === 'hang' ? 100 : 10_000)).rejects.toThrow();

    issuer.recover();
    await expectRight();
  });

  it('redirect, to an address that answers correctly', async () => {
    issuer.fault(endpoint, { kind: 'redirect' });
    const answer = await ask();
    const location = answer.headers.get('location') ?? '';

    expect([answer.status, new URL(location).origin]).toEqual([302, new URL(issuer.issuer).origin]);
    expect((await fetch(location)).status).toBe(endpoint === 'token' ? 405 : 200);
  });

  it('redirect, anywhere', async () => {
    const location = 'http://169.254.169.254/latest';
    issuer.fault(endpoint, { kind: 'redirect', status: 307, location });
    const answer = await ask();

    expect([answer.status, answer.headers.get('location')]).toEqual([307, location]);
  });

  it('lasts for so many requests as told', async () => {
    issuer.resetCounters();
    issuer.fault(endpoint, { kind: 'status', status: 500 }, { times: 2 });
    const statuses = [];
    for (let i = 0; i < 3; i++) statuses.push((await ask()).status);

    expect(statuses).toEqual([500, 500, 200]);
    issuer.expectRequests(endpoint, 3);
  });
});

describe('a fault of the token endpoint that carries no token', () => {
  it('counts no mint', async () => {
    await using issuer = await LoopbackIssuer.start();
    issuer.fault('token', { kind: 'status', status: 500, body: '{}' }, { times: 1 });
    await askToken(issuer, 'test-client');
    issuer.expectMints(0);

    await askToken(issuer, 'test-client');
    issuer.expectMints(1);
  });
});
