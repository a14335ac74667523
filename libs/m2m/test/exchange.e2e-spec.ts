import { LoopbackIssuer } from '@countersign/testing';
import { firstValueFrom } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CallerToken, type M2mModuleOptions, onBehalfOf, SubjectToken } from '../src/index.js';
import { audience, clientSecret, startApp } from './support/app.js';
import { refuse, startCallee, type TestCallee } from './support/callee.js';
import { json, startIssuer, type TestIssuer } from './support/issuer.js';
import { codeOf, errorOf, leaksIn } from './support/leaks.js';

const tokenExchange = 'urn:ietf:params:oauth:grant-type:token-exchange';
const accessTokenType = 'urn:ietf:params:oauth:token-type:access_token';
const own = 'https://orders.countersign.example';
const scopes = ['read:stock'];

let keys: LoopbackIssuer;
let issuer: TestIssuer;
let callee: TestCallee;
let app: Awaited<ReturnType<typeof startApp>>;
let ada: string;
let bob: string;

const claimsOf = (token: string) =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>;
/** Whose token a call arrived with. */
const subjects = () =>
  callee.calls.map(({ headers }) => claimsOf(headers.authorization?.split(' ')[1] ?? '')['sub']);

beforeEach(async () => {
  keys = await LoopbackIssuer.start({
    apis: [
      { audience: own, scopes: [] },
      { audience, scopes },
    ],
    clients: [{ clientId: 'orders' }],
  });
  issuer = await startIssuer();
  callee = await startCallee();
  [ada, bob] = (await Promise.all(
    ['ada', 'bob'].map((sub) => keys.mint({ audience: own, claims: { sub } })),
  )) as [string, string];
  issuer.always = (response, seen) => {
    const { form } = seen;
    const subject = form.get('subject_token');
    if (form.get('grant_type') !== tokenExchange || subject === null)
      return void keys
        .mint({ audience, claims: { sub: 'orders@clients' } })
        .then((token) =>
          json(200, { access_token: token, token_type: 'Bearer', expires_in: 3600 })(response, seen),
        );
    if (![ada, bob].includes(subject)) return json(400, { error: 'invalid_request' })(response, seen);
    const claims = { sub: claimsOf(subject)['sub'], act: { sub: 'orders' } };
    void keys.mint({ audience, scopes, claims }).then((token) =>
      json(200, {
        access_token: token,
        issued_token_type: accessTokenType,
        token_type: 'Bearer',
        expires_in: 3600,
      })(response, seen),
    );
  };
  app = await startApp(options());
});

afterEach(async () => {
  await app.close();
  await callee.close();
  await issuer.close();
  await keys.close();
});

const options = (extra: Partial<M2mModuleOptions> = {}, exchange = true): M2mModuleOptions => ({
  service: 'orders',
  issuer: issuer.issuer,
  clientId: 'orders',
  clientSecret,
  connections: { inventory: { baseUrl: callee.url, audience, scopes, exchange } },
  ...extra,
});

const get = (caller?: CallerToken) =>
  firstValueFrom(app.http.get<unknown>('/stock/apple', caller === undefined ? {} : onBehalfOf(caller)));
const restart = async (extra: Partial<M2mModuleOptions>, exchange = true) => {
  await app.close();
  app = await startApp(options(extra, exchange));
};

describe('a call on behalf of a caller', () => {
  it('exchanges the token of the caller for one for the callee', async () => {
    await get({ headers: { authorization: `Bearer ${ada}` } });
    expect(subjects()).toEqual(['ada']);
    expect(Object.fromEntries(issuer.seen[0]?.form ?? [])).toEqual({
      grant_type: tokenExchange,
      client_id: 'orders',
      client_secret: clientSecret,
      audience,
      scope: 'read:stock',
      subject_token: ada,
      subject_token_type: accessTokenType,
      requested_token_type: accessTokenType,
    });
  });

  it('exchanges once per caller, and never mixes callers up', async () => {
    await Promise.all([get(ada), get(bob), get(ada), get(bob)]);
    await get(new SubjectToken(ada));
    await app.fetch('/stock/apple', { method: 'POST', body: 'x', ...onBehalfOf(bob) });
    expect([...subjects()].sort()).toEqual(['ada', 'ada', 'ada', 'bob', 'bob', 'bob']);
    expect(subjects().slice(-2)).toEqual(['ada', 'bob']);
    expect(issuer.seen).toHaveLength(2);
  });

  it('is not sent where no caller is named', async () => {
    expect(await codeOf(get())).toBe('subject_missing');
    expect(await codeOf(app.fetch('/'))).toBe('subject_missing');
    expect([callee.calls, issuer.seen]).toEqual([[], []]);
    expect((await get(ada)).status).toBe(200);
  });

  it.each([
    ['a request without a token', { headers: {} }],
    ['a request with other credentials', { headers: { authorization: 'Basic YTpi' } }],
    ['an empty text', ''],
    ['a text that no header can carry', 'a b'],
  ])('%s names nobody', (_name, caller) => {
    expect(() => onBehalfOf(caller)).toThrow(expect.objectContaining({ code: 'subject_missing' }) as Error);
    expect(onBehalfOf({ headers: { authorization: 'DPoP abc' } }).onBehalfOf.value).toBe('abc');
  });

  it('is not sent with the identity of this service where the exchange is off', async () => {
    await restart({}, false);
    expect(await codeOf(get(ada))).toBe('connection_misconfigured');
    await get();
    expect(subjects()).toEqual(['orders@clients']);
  });

  it('a caller whose token is refused gets its own error, and nobody else’s call fails', async () => {
    const error = await errorOf(get('token-of-a-stranger-0123456789'));
    expect(error.code).toBe('subject_rejected');
    expect(leaksIn(error, ['token-of-a-stranger-0123456789', clientSecret])).toEqual([]);
    expect((await get(ada)).status).toBe(200);
    expect(app.tokens.stats()).toEqual([]);
  });

  it('a token of another kind in exchange is refused', async () => {
    issuer.always = json(200, {
      access_token: 'abc',
      token_type: 'Bearer',
      issued_token_type: 'urn:ietf:params:oauth:token-type:refresh_token',
    });
    expect(await codeOf(get(ada))).toBe('token_response_invalid');
  });

  it('is sent once more with another token where the callee refuses it', async () => {
    callee.answer = (call, response, index) =>
      (index === 0 ? refuse(401, 'Bearer error="invalid_token"') : refuse(200))(call, response);
    const mint = keys.mint.bind(keys);
    let serial = 0;
    keys.mint = (parts = {}) => mint({ ...parts, claims: { ...parts.claims, jti: `${serial++}` } });
    expect((await get(ada)).status).toBe(200);
    expect(subjects()).toEqual(['ada', 'ada']);
    expect(issuer.seen).toHaveLength(2);
  });

  it('no error and no print shows the token of the caller', async () => {
    await callee.close();
    const error = await errorOf(get(ada));
    expect(leaksIn(error, [ada])).toEqual([]);
    const { inspect } = await import('node:util');
    expect(`${inspect(onBehalfOf(ada), { depth: 9 })}${JSON.stringify(onBehalfOf(ada))}`).not.toContain(ada);
  });

  it('many callers push out none of this service’s own tokens', async () => {
    await app.tokens.getToken({ audience });
    const before = issuer.seen.length;
    issuer.always = json(200, { access_token: 'abc', token_type: 'Bearer', expires_in: 3600 });
    for (let caller = 0; caller < 1_001; caller++)
      await app.tokens.getToken({ audience, subject: new SubjectToken(`caller-${caller}`) });
    expect(issuer.seen).toHaveLength(before + 1_001);
    await app.tokens.getToken({ audience });
    await app.tokens.getToken({ audience, subject: new SubjectToken('caller-1000') });
    expect(issuer.seen).toHaveLength(before + 1_001);
    await app.tokens.getToken({ audience, subject: new SubjectToken('caller-0') });
    expect(issuer.seen).toHaveLength(before + 1_002);
  });
});

describe('the option onBehalfOf', () => {
  it('names the caller of calls that do not', async () => {
    let current: string | undefined = ada;
    await restart({ onBehalfOf: () => current });
    await get();
    await get(bob);
    current = undefined;
    expect(await codeOf(get())).toBe('subject_missing');
    expect(subjects()).toEqual(['ada', 'bob']);
  });

  it('has no use without a connection that exchanges', async () => {
    expect(await errorOf(startApp(options({ onBehalfOf: () => ada }, false)))).toMatchObject({
      problems: ['onBehalfOf has no use without a connection with exchange: true.'],
    });
  });
});

describe('the words of the provider', () => {
  it.each([
    ['keycloak', { audience, scope: 'read:stock', grant_type: tokenExchange }],
    ['okta', { audience, scope: 'read:stock', grant_type: tokenExchange }],
    ['rfc9068', { resource: audience, scope: 'read:stock', grant_type: tokenExchange }],
    [
      'entra',
      {
        scope: `${audience}/.default`,
        grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
        requested_token_use: 'on_behalf_of',
      },
    ],
  ] as const)('%s', async (provider, expected) => {
    await restart({ provider });
    issuer.always = json(200, { access_token: 'abc', token_type: 'Bearer', expires_in: 60 });
    await app.tokens.getToken({ audience, scopes, subject: new SubjectToken(ada) });
    const form = Object.fromEntries(issuer.seen[0]?.form ?? []);
    expect(form).toMatchObject(expected);
    expect(form[provider === 'entra' ? 'assertion' : 'subject_token']).toBe(ada);
  });

  it.each(['cognito', 'hydra'] as const)('%s exchanges no tokens, and the boot says so', async (provider) => {
    expect(await errorOf(startApp(options({ provider })))).toMatchObject({
      problems: [`connections.inventory.exchange: ${provider} exchanges no tokens.`],
    });
    const plain = await startApp(options({ provider }, false));
    const subject = new SubjectToken(ada);
    expect(await codeOf(plain.tokens.getToken({ audience, subject }))).toBe('connection_misconfigured');
    await plain.close();
  });
});
