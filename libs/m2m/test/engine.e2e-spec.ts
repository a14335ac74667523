import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { M2mModuleOptions } from '../src/index.js';
import { audience, clientSecret, optionsFor, startApp } from './support/app.js';
import { startCallee, type TestCallee } from './support/callee.js';
import { type Answer, json, startIssuer, type TestIssuer, token } from './support/issuer.js';
import { codeOf, errorOf, leaksIn } from './support/leaks.js';

let issuer: TestIssuer;
let callee: TestCallee;
let closers: (() => Promise<void>)[];

beforeEach(async () => {
  issuer = await startIssuer();
  callee = await startCallee();
  closers = [() => issuer.close(), () => callee.close()];
});

afterEach(async () => {
  for (const close of closers.reverse()) await close();
});

const scopes = ['read:stock', 'write:reservations'];

/** Asks for the token of the connection, with these options. */
async function ask(extra: Partial<M2mModuleOptions> = {}) {
  const app = await startApp(optionsFor(issuer, callee, extra));
  closers.push(() => app.close());
  return { app, get: () => app.tokens.getToken({ audience, scopes }) };
}

const mint = async (extra: Partial<M2mModuleOptions> = {}) => (await ask(extra)).get();
const form = (index = 0) => Object.fromEntries(issuer.seen[index]?.form ?? []);

describe('the request', () => {
  it('is a client-credentials grant with the secret in the body by default', async () => {
    await mint();
    expect(form()).toEqual({
      grant_type: 'client_credentials',
      client_id: 'orders',
      client_secret: clientSecret,
      audience,
      scope: scopes.join(' '),
    });
  });

  it('sends the secret by HTTP Basic, percent-encoded, where that is asked for', async () => {
    await mint({ clientAuthentication: 'client_secret_basic', clientSecret: 'a:b c+%' });
    const [, basic = ''] = issuer.seen[0]?.headers.authorization?.split(' ') ?? [];
    expect(Buffer.from(basic, 'base64').toString()).toBe('orders:a%3Ab+c%2B%25');
    expect(form()).not.toHaveProperty('client_secret');
  });

  it.each([
    ['auth0', { audience, scope: scopes.join(' ') }],
    ['rfc9068', { resource: audience, scope: scopes.join(' ') }],
    ['keycloak', { scope: scopes.join(' ') }],
    ['okta', { scope: scopes.join(' ') }],
    ['entra', { scope: `${audience}/.default` }],
    ['cognito', { scope: scopes.map((scope) => `${audience}/${scope}`).join(' ') }],
    ['hydra', { audience, scope: scopes.join(' ') }],
  ] as const)('%s is asked in its own way', async (provider, parameters) => {
    await mint({ provider });
    const { grant_type, client_id: _id, client_secret: _secret, ...rest } = form();
    expect([grant_type, rest]).toEqual(['client_credentials', parameters]);
  });

  it('names the organization to Auth0', async () => {
    const { app } = await ask();
    await app.tokens.getToken({ audience, organization: 'org_1' });
    expect(form()).toMatchObject({ organization: 'org_1' });
  });
});

describe('discovery', () => {
  it('is not asked at boot, and once for many tokens', async () => {
    const { app, get } = await ask();
    expect(issuer.discoveries).toEqual([]);
    await get();
    await app.tokens.getToken({ audience: 'https://other.example' });
    expect(issuer.discoveries).toEqual(['/.well-known/openid-configuration']);
  });

  it('falls back to RFC 8414', async () => {
    issuer.metadata = (path) =>
      path.includes('oauth-authorization-server')
        ? { status: 200, body: { issuer: issuer.issuer, token_endpoint: issuer.tokenUrl } }
        : { status: 404, body: {} };
    expect((await mint()).audience).toBe(audience);
  });

  it('is left out where the token endpoint is given', async () => {
    await mint({ tokenUrl: issuer.tokenUrl });
    expect(issuer.discoveries).toEqual([]);
  });

  it.each([
    ['another issuer', () => ({ issuer: 'https://evil.example/', token_endpoint: issuer.tokenUrl })],
    [
      'the issuer without its slash',
      () => ({ issuer: issuer.issuer.slice(0, -1), token_endpoint: issuer.tokenUrl }),
    ],
    ['no token endpoint', () => ({ issuer: issuer.issuer })],
    [
      'a token endpoint without https',
      () => ({ issuer: issuer.issuer, token_endpoint: 'http://evil.example/token' }),
    ],
  ])('metadata with %s is refused, and no secret is sent', async (_name, body) => {
    issuer.metadata = () => ({ status: 200, body: body() });
    expect(await codeOf(mint())).toBe('issuer_unreachable');
    expect(issuer.seen).toEqual([]);
    issuer.metadata = undefined;
    expect(await codeOf(mint())).toBeUndefined();
  });
});

describe('refusals', () => {
  const grant = `Client is not authorized to access "${audience}". You need to create a "client-grant" associated to this API.`;

  it.each([
    [
      'a bad secret at Auth0',
      401,
      { error: 'access_denied', error_description: 'Unauthorized' },
      'client_rejected',
    ],
    ['a bad secret by RFC 6749', 401, { error: 'invalid_client' }, 'client_rejected'],
    ['no client grant', 403, { error: 'access_denied', error_description: grant }, 'grant_missing'],
    [
      'an unknown audience',
      403,
      { error: 'access_denied', error_description: `Service not enabled within domain: ${audience}` },
      'grant_missing',
    ],
    ['an unknown resource', 400, { error: 'invalid_target' }, 'grant_missing'],
    [
      'the grant type off',
      403,
      { error: 'unauthorized_client', error_description: 'Grant type not allowed' },
      'client_rejected',
    ],
    ['a scope that is not granted', 400, { error: 'invalid_scope' }, 'scope_not_granted'],
    ['a quota that is used up', 429, { error: 'too_many_requests' }, 'quota_exhausted'],
    ['a malformed request', 400, { error: 'invalid_request' }, 'token_response_invalid'],
  ])(
    '%s has its own code; the message names service, audience and client',
    async (_name, status, body, code) => {
      issuer.always = json(status, body);
      const error = await errorOf(mint());
      expect(error.code).toBe(code);
      expect(error.message).toContain('orders');
      expect(error.message).toContain(audience);
      expect(leaksIn(error, [clientSecret])).toEqual([]);
      issuer.always = undefined;
      expect(await codeOf(mint())).toBeUndefined();
    },
  );

  it('Retry-After in seconds is handed on', async () => {
    issuer.always = json(429, {}, { 'retry-after': '77' });
    expect(await errorOf(mint())).toMatchObject({ code: 'quota_exhausted', retryAfter: 77 });
  });

  it('Retry-After as a date is handed on', async () => {
    issuer.always = json(429, {}, { 'retry-after': new Date(Date.now() + 60_000).toUTCString() });
    const { retryAfter } = (await errorOf(mint())) as Error & { retryAfter: number };
    expect(retryAfter).toBeGreaterThan(55);
    expect(retryAfter).toBeLessThanOrEqual(61);
  });

  it('one status 503 costs nothing but a second try', async () => {
    issuer.next.push(json(503, {}));
    expect((await mint()).audience).toBe(audience);
    expect(issuer.seen).toHaveLength(2);
  });

  it('an issuer that is down is issuer_unreachable, with the reason', async () => {
    await issuer.close();
    const error = await errorOf(mint());
    expect([error.code, error.message.includes('ECONNREFUSED')]).toEqual(['issuer_unreachable', true]);
  });

  it('a redirect of the token endpoint is not followed with the secret', async () => {
    const other = await startIssuer();
    issuer.always = (response) => response.writeHead(307, { location: other.tokenUrl }).end();
    expect(await codeOf(mint())).toBe('token_response_invalid');
    expect(other.seen).toEqual([]);
    await other.close();
  });

  it.each<[string, Answer]>([
    ['HTML', (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>login</h1>')],
    ['nothing', (response) => response.writeHead(200).end()],
    ['an array', json(200, [])],
    ['no access_token', json(200, { token_type: 'Bearer' })],
    ['an access_token that is no text', json(200, { access_token: 7, token_type: 'Bearer' })],
    ['an empty access_token', json(200, { access_token: '', token_type: 'Bearer' })],
    ['a token that breaks the header', token({ access_token: 'a\r\nx: y' })],
    ['a token with a space', token({ access_token: 'a b' })],
    ['no token_type', json(200, { access_token: 'abc' })],
    ['another token_type', token({ token_type: 'mac' })],
    ['a DPoP token that was not asked for', token({ token_type: 'DPoP' })],
  ])('%s is no token', async (_name, answer) => {
    issuer.always = answer;
    expect(await codeOf(mint())).toBe('token_response_invalid');
    issuer.always = token({ token_type: 'bearer' });
    expect((await mint()).scheme).toBe('Bearer');
  });

  it('an endless body is not read to its end', async () => {
    issuer.always = (response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const flood = setInterval(() => response.write('x'.repeat(20_000)), 1);
      response.on('close', () => clearInterval(flood));
    };
    const error = await errorOf(mint());
    expect([error.code, error.message.includes('65536 bytes')]).toEqual(['issuer_unreachable', true]);
  });
});

describe('scopes of the answer', () => {
  it('absent: what was asked for was granted', async () => {
    issuer.always = token();
    expect((await mint()).scopes).toEqual(scopes);
  });

  it('more than was asked for is fine', async () => {
    issuer.always = token({ scope: 'email read:stock write:reservations' });
    expect((await mint()).scopes).toContain('email');
  });

  it('less is scope_not_granted, and the error names what is missing', async () => {
    issuer.always = token({ scope: 'read:stock' });
    const error = await errorOf(mint());
    expect(error.code).toBe('scope_not_granted');
    expect(error.message).toContain('write:reservations');
    expect(error.message).not.toContain('read:stock');
  });

  it('Entra’s answer names roles otherwise and is taken as it is', async () => {
    issuer.always = token({ scope: `${audience}/.default` });
    expect((await mint({ provider: 'entra' })).scopes).toEqual(scopes);
  });
});

describe('secrets', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'm2m-'));
    closers.push(() => rm(folder, { recursive: true }));
  });

  it('a file is read without its line end, and again when it changes', async () => {
    const file = join(folder, 'secret');
    await writeFile(file, 'one\n');
    const { app, get } = await ask({ clientSecret: { file } });
    await get();
    await writeFile(file, 'two\n');
    await app.tokens.getToken({ audience: 'https://other.example' });
    expect(issuer.seen.map(({ form: sent }) => sent.get('client_secret'))).toEqual(['one', 'two']);
  });

  it('a function is asked for each token', async () => {
    let version = 0;
    const { app, get } = await ask({ clientSecret: () => Promise.resolve(`v${++version}`) });
    await get();
    await app.tokens.getToken({ audience: 'https://other.example' });
    expect(issuer.seen.map(({ form: sent }) => sent.get('client_secret'))).toEqual(['v1', 'v2']);
  });

  it.each([
    ['a file that is missing', { file: '/does/not/exist' }, '/does/not/exist'],
    ['a function that fails', () => Promise.reject(new Error('vault says s3cr3t')), 'provider'],
    ['a function that has none', () => '', 'empty'],
  ])('%s is client_rejected, and the message says which', async (_name, source, says) => {
    const error = await errorOf(mint({ clientSecret: source }));
    expect([error.code, error.message.includes(says), error.message.includes('s3cr3t')]).toEqual([
      'client_rejected',
      true,
      false,
    ]);
    expect(issuer.seen).toEqual([]);
  });

  const only =
    (secret: string): Answer =>
    (response, seen) =>
      (seen.form.get('client_secret') === secret ? token() : json(401, { error: 'invalid_client' }))(
        response,
        seen,
      );

  it('rotation needs no restart: the next secret is tried once', async () => {
    issuer.always = only('next');
    expect((await mint({ nextClientSecret: 'next' })).audience).toBe(audience);
    expect(issuer.seen).toHaveLength(2);
  });

  it('before the rotation the next secret is not sent', async () => {
    issuer.always = only(clientSecret);
    await mint({ nextClientSecret: 'next' });
    expect(issuer.seen).toHaveLength(1);
  });

  it('when both are refused the client is rejected after two requests', async () => {
    issuer.always = only('third');
    expect(await codeOf(mint({ nextClientSecret: 'next' }))).toBe('client_rejected');
    expect(issuer.seen).toHaveLength(2);
  });
});

describe('private_key_jwt', () => {
  const keys = {
    RS256: generateKeyPairSync('rsa', { modulusLength: 2048 }),
    ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    Ed25519: generateKeyPairSync('ed25519'),
  };
  const pemOf = (alg: keyof typeof keys) =>
    keys[alg].privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

  const assertion = (index = 0) => {
    const jwt = issuer.seen[index]?.form.get('client_assertion') ?? '';
    const [header = '', payload = '', signature = ''] = jwt.split('.');
    const parse = (part: string) =>
      JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>;
    return { header: parse(header), claims: parse(payload), signed: `${header}.${payload}`, signature };
  };

  const withKey = (pem: string): Partial<M2mModuleOptions> => ({ clientSecret: undefined, privateKey: pem });

  it.each(['RS256', 'ES256', 'Ed25519'] as const)('signs an assertion with %s', async (alg) => {
    await mint(withKey(pemOf(alg)));
    const { header, claims, signed, signature } = assertion();
    expect(header).toMatchObject({ alg });
    expect(claims).toMatchObject({ iss: 'orders', sub: 'orders', aud: issuer.issuer });
    const key = createPublicKey(keys[alg].privateKey);
    const options = alg === 'ES256' ? ({ key, dsaEncoding: 'ieee-p1363' } as const) : key;
    const hash = alg === 'Ed25519' ? null : 'sha256';
    expect(verify(hash, Buffer.from(signed), options, Buffer.from(signature, 'base64url'))).toBe(true);
    expect(form()).not.toHaveProperty('client_secret');
  });

  it('a fresh jti each time, 5 minutes at most', async () => {
    const { app, get } = await ask(withKey(pemOf('ES256')));
    await get();
    await app.tokens.getToken({ audience: 'https://other.example' });
    const [first, second] = [assertion(0).claims, assertion(1).claims];
    expect(first['jti']).not.toBe(second['jti']);
    expect((first['exp'] as number) - (first['iat'] as number)).toBeLessThanOrEqual(300);
  });

  it.each([
    ['auth0', () => issuer.issuer],
    ['keycloak', () => issuer.issuer],
    ['okta', () => issuer.tokenUrl],
    ['entra', () => issuer.tokenUrl],
    ['hydra', () => issuer.tokenUrl],
    ['cognito', () => issuer.tokenUrl],
    ['rfc9068', () => issuer.issuer],
  ] as const)('assertion aud differs by issuer: %s', async (provider, expected) => {
    await mint({ ...withKey(pemOf('RS256')), provider });
    expect(assertion().claims['aud']).toBe(expected());
  });

  it.each([
    ['no PEM', 'nothing'],
    [
      'a curve that is not supported',
      generateKeyPairSync('ec', { namedCurve: 'secp256k1' })
        .privateKey.export({ type: 'pkcs8', format: 'pem' })
        .toString(),
    ],
  ])('%s is client_rejected', async (_name, pem) => {
    const error = await errorOf(mint(withKey(pem)));
    expect(error.code).toBe('client_rejected');
    expect(leaksIn(error, [pem])).toEqual([]);
  });
});

describe('quota', () => {
  it('what Auth0 says of the client’s quota is told', async () => {
    const events: unknown[] = [];
    issuer.always = token(
      {},
      { 'auth0-client-quota-limit': 'b=per_hour;q=10;r=7;t=3540,b=per_day;q=100;r=90;t=80000,b=x;q=y' },
    );
    await mint({ onTokenEvent: (event) => void events.push(event) });
    expect(events).toMatchObject([
      {
        type: 'minted',
        quota: [
          { name: 'per_hour', quota: 10, remaining: 7, resetAfter: 3540 },
          { name: 'per_day', quota: 100, remaining: 90, resetAfter: 80000 },
        ],
      },
    ]);
  });
});
