import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { faults, KeyServer } from '../../../test/support/core/key-server.js';
import { type Json, Signer } from '../../../test/support/core/signer.js';
import { AccessTokenVerifier } from './access-token-verifier.js';
import type { AccessTokenVerifierOptions } from './options.js';
import type { VerifiedToken } from './verified-token.js';

const AUDIENCE = 'https://orders.countersign.example';
const OTHER = 'https://inventory.countersign.example';

let server: KeyServer;
let old: Signer;
let next: Signer;
let now = 1_900_000_000;
const open: AccessTokenVerifier[] = [];

beforeAll(async () => {
  old = Signer.create('RS256', 'old');
  next = Signer.create('RS256', 'next');
  server = await KeyServer.start();
});

beforeEach(() => {
  server.keys = [old.publicJwk, next.publicJwk];
  server.fault = undefined;
  server.requests.length = 0;
});

afterEach(() => {
  for (const verifier of open.splice(0)) verifier.close();
});

afterAll(() => server.stop());

function make(options: Partial<AccessTokenVerifierOptions> = {}): AccessTokenVerifier {
  const verifier = new AccessTokenVerifier({
    issuers: [{ issuer: server.issuer, jwksUri: server.jwksUri }],
    audience: AUDIENCE,
    clock: () => now * 1_000,
    ...options,
  });
  open.push(verifier);
  return verifier;
}

function token(changes: Json = {}, signer = old): string {
  return signer.token({
    iss: server.issuer,
    sub: 'storefront@clients',
    aud: AUDIENCE,
    iat: now,
    exp: now + 600,
    azp: 'storefront',
    jti: 'one',
    ...changes,
  });
}

const refused = (code: string, reason?: string) => ({ code, ...(reason === undefined ? {} : { reason }) });

describe('recognising a token', () => {
  it('gives what verify gave, for that very token', async () => {
    const verifier = make();
    const good = token();
    expect(verifier.recognise(good)).toBeUndefined();
    const verified = await verifier.verify(good);
    expect(verifier.recognise(good)).toBe(verified);
    expect(await verifier.verify(good)).toBe(verified);
    expect(verifier.recognise(token({ jti: 'two' }))).toBeUndefined();
    expect(verifier.recognise(`${good} `)).toBeUndefined();
  });

  it('never takes a part of a known token for the whole', async () => {
    const verifier = make();
    const [good, other] = [token(), token({ jti: 'two', scope: 'delete:everything' })];
    await verifier.verify(good);
    await verifier.verify(other);
    const [header, claims, signature] = good.split('.') as [string, string, string];
    const [, otherClaims, otherSignature] = other.split('.') as [string, string, string];
    const forged = [
      `${header}.${otherClaims}.${signature}`,
      `${header}.${claims}.${otherSignature}`,
      `${header}.${claims}`,
      `${header}.${claims}.`,
      `${claims}.${header}.${signature}`,
      `${header}..${signature}`,
      `.${header}.${claims}.${signature}`,
      `${good}.`,
      `${good}=`,
      `${header}.${claims}.${signature.slice(0, -1)}`,
      signature,
      '',
    ];
    for (const text of forged) {
      expect(verifier.recognise(text), text).toBeUndefined();
      await expect(verifier.verify(text), text).rejects.toMatchObject({ status: 401 });
    }
    expect(verifier.recognise(good)?.tokenId).toBe('one');
    expect(verifier.recognise(other)?.tokenId).toBe('two');
  });

  it('ends when the token expires, tolerance included', async () => {
    const verifier = make();
    const good = token();
    await verifier.verify(good);
    now += 604;
    expect(verifier.recognise(good)).toBeDefined();
    now += 1;
    expect(verifier.recognise(good)).toBeUndefined();
    expect(verifier.stats().recognisable).toBe(0);
    await expect(verifier.verify(good)).rejects.toMatchObject(refused('token_expired'));
  });

  it('ends at once when the key leaves the set', async () => {
    const verifier = make();
    const [removed, kept] = [token(), token({}, next)];
    await verifier.verify(removed);
    await verifier.verify(kept);
    server.keys = [next.publicJwk];
    await verifier.reload();
    expect(verifier.recognise(removed)).toBeUndefined();
    expect(verifier.recognise(kept)).toBeDefined();
    expect(verifier.stats().recognisable).toBe(1);
    await expect(verifier.verify(removed)).rejects.toMatchObject(refused('key_unknown'));
  });

  it('goes on through an outage, up to the bound of the last known keys', async () => {
    const verifier = make();
    const long = token({ exp: now + 200_000 });
    await verifier.verify(long);
    server.fault = faults['status 500'];
    await expect(verifier.reload()).rejects.toMatchObject({ code: 'keys_unavailable', status: 503 });
    expect(verifier.recognise(long)).toBeDefined();
    await expect(verifier.verify(token({ jti: 'new' }))).resolves.toBeDefined();
    now += 86_400;
    expect(verifier.recognise(long)).toBeUndefined();
    await expect(verifier.verify(long)).rejects.toMatchObject({ code: 'keys_unavailable' });
  });

  it('is not shared between verifiers', async () => {
    const [one, two] = [make(), make({ audience: OTHER })];
    const good = token();
    await one.verify(good);
    expect(two.recognise(good)).toBeUndefined();
    await expect(two.verify(good)).rejects.toMatchObject(refused('audience_mismatch'));
  });

  it('holds the audience of each route', async () => {
    const verifier = make();
    const [mine, theirs, both] = [token(), token({ aud: OTHER }), token({ aud: [OTHER, AUDIENCE] })];
    await verifier.verify(mine);
    await verifier.verify(theirs, { audience: [OTHER] });
    await verifier.verify(both);
    expect(verifier.recognise(mine)).toBeDefined();
    expect(verifier.recognise(mine, { audience: [OTHER] })).toBeUndefined();
    expect(verifier.recognise(theirs)).toBeUndefined();
    expect(verifier.recognise(theirs, { audience: [OTHER] })).toBeDefined();
    expect(verifier.recognise(both)).toBeDefined();
    expect(verifier.recognise(both, { audience: [OTHER] })).toBeDefined();
    expect(verifier.recognise(both, { audience: [] })).toBeUndefined();
    await expect(verifier.verify(theirs)).rejects.toMatchObject(refused('audience_mismatch'));
    await expect(verifier.verify(mine, { audience: [OTHER] })).rejects.toMatchObject(
      refused('audience_mismatch'),
    );
    await expect(verifier.verify(mine, { audience: [] })).rejects.toMatchObject(refused('audience_mismatch'));
  });

  it('asks the denylist about recognised tokens too', async () => {
    const denied = new Set<string | undefined>();
    const verifier = make({ denylist: { denies: ({ tokenId }: VerifiedToken) => denied.has(tokenId) } });
    const good = token();
    await verifier.verify(good);
    denied.add('one');
    expect(verifier.recognise(good)).toBeUndefined();
    await expect(verifier.verify(good)).rejects.toMatchObject(refused('token_not_active', 'denied'));
    denied.clear();
    expect(verifier.recognise(good)).toBeDefined();
  });

  it('is never offered for a sender-constrained token', async () => {
    const verifier = make();
    const bound = token({ cnf: { jkt: 'A'.repeat(43) } });
    await expect(verifier.verify(bound)).rejects.toMatchObject(refused('sender_mismatch'));
    expect(verifier.recognise(bound)).toBeUndefined();
    await expect(verifier.verify(bound)).rejects.toMatchObject(refused('sender_mismatch'));
  });

  it('keeps as many tokens as it was told to, the latest ones', async () => {
    const verifier = make({ cacheSize: 3 });
    const tokens = ['a', 'b', 'c', 'd'].map((jti) => token({ jti }));
    for (const one of tokens) await verifier.verify(one);
    expect(verifier.stats().recognisable).toBe(3);
    expect(verifier.recognise(tokens[0] as string)).toBeUndefined();
    expect(verifier.recognise(tokens[3] as string)).toBeDefined();
  });

  it('can be turned off', async () => {
    const verifier = make({ cacheSize: 0 });
    const good = token();
    await verifier.verify(good);
    expect(verifier.recognise(good)).toBeUndefined();
    await expect(verifier.verify(good)).resolves.toBeDefined();
  });

  it('forgets every token on close', async () => {
    const verifier = make();
    const good = token();
    await verifier.verify(good);
    verifier.close();
    expect(verifier.recognise(good)).toBeUndefined();
  });

  it('stores nothing of a flood of bad tokens, and asks for no keys', async () => {
    const verifier = make();
    const good = token();
    await verifier.verify(good);
    const [header, payload] = good.split('.') as [string, string];
    for (let index = 0; index < 2_000; index++) {
      const signature = Buffer.alloc(256, index).toString('base64url');
      await expect(verifier.verify(`${header}.${payload}.${signature}`)).rejects.toMatchObject({
        code: 'signature_invalid',
      });
    }
    expect(verifier.stats().recognisable).toBe(1);
    expect(server.fetches).toBe(1);
  });

  it('holds nothing that could be sent as a token', async () => {
    const verified = await make().verify(token());
    expect(JSON.stringify(verified)).not.toContain(token().split('.')[2]);
    expect(Object.keys(verified)).not.toContain('token');
  });
});

describe('a token that comes again on its connection', () => {
  /** A verifier that remembers one token and a connection that carried another: only the connection knows that one. */
  async function carried(options: Partial<AccessTokenVerifierOptions> = {}) {
    const verifier = make({ cacheSize: 1, ...options });
    const connection = {};
    const good = token();
    await verifier.verify(good);
    const verified = verifier.recognise(good, { connection });
    expect(verified).toBeDefined();
    await verifier.verify(token({ jti: 'two' }, next));
    return { verifier, connection, good, verified };
  }

  it('is recognised by the connection, and on no other', async () => {
    const { verifier, connection, good, verified } = await carried();
    expect(verifier.recognise(good, { connection })).toBe(verified);
    expect(verifier.recognise(good, { connection: {} })).toBeUndefined();
    expect(verifier.recognise(good)).toBeUndefined();
  });

  it.each([
    ['another token that is known', (good: string) => [token({ jti: 'two' }, next), good]],
    ['one that is not known', (good: string) => [token({ jti: 'three' }), good]],
    ['a guess at its signature', (good: string) => [`${good.slice(0, -2)}AA`, good]],
    ['a part of it', (good: string) => [good.slice(0, -1), good]],
    ['nothing', (good: string) => ['', good]],
  ])('is forgotten once the connection carries %s', async (_name, sequence) => {
    const { verifier, connection, good } = await carried();
    const [other, again] = sequence(good) as [string, string];
    expect(verifier.recognise(other, { connection })?.tokenId).not.toBe('one');
    expect(verifier.recognise(again, { connection })).toBeUndefined();
  });

  it('is refused from its expiry on', async () => {
    const { verifier, connection, good } = await carried();
    now += 604;
    expect(verifier.recognise(good, { connection })).toBeDefined();
    now += 1;
    expect(verifier.recognise(good, { connection })).toBeUndefined();
  });

  it('is refused when its key leaves the set', async () => {
    const { verifier, connection, good } = await carried();
    server.keys = [next.publicJwk];
    await verifier.reload();
    expect(verifier.recognise(good, { connection })).toBeUndefined();
  });

  it('is held to the audience of the route and to the denylist', async () => {
    const denied = new Set<string | undefined>();
    const denylist = { denies: ({ tokenId }: VerifiedToken) => denied.has(tokenId) };
    const { verifier, connection, good } = await carried({ denylist });
    expect(verifier.recognise(good, { connection, audience: [OTHER] })).toBeUndefined();
    denied.add('one');
    expect(verifier.recognise(good, { connection })).toBeUndefined();
    denied.clear();
    expect(verifier.recognise(good, { connection })).toBeDefined();
  });

  it('is forgotten on close, and never kept by a verifier that keeps nothing', async () => {
    const { verifier, connection, good } = await carried();
    verifier.close();
    expect(verifier.recognise(good, { connection })).toBeUndefined();

    const forgetful = make({ cacheSize: 0 });
    await forgetful.verify(good);
    expect(forgetful.recognise(good, { connection })).toBeUndefined();
  });
});

describe('several issuers', () => {
  it('selects by iss, and nothing but iss', async () => {
    const other = await KeyServer.start([{ ...next.publicJwk, kid: 'old' }]);
    const verifier = make({
      issuers: [
        { issuer: server.issuer, jwksUri: server.jwksUri },
        { issuer: other.issuer, jwksUri: other.jwksUri, dialect: 'rfc9068', algorithms: ['RS256'] },
      ],
    });
    const theirs = (changes: Json = {}, header: Json = {}) =>
      next.token(
        {
          iss: other.issuer,
          sub: 's',
          aud: AUDIENCE,
          iat: now,
          exp: now + 60,
          jti: 'j',
          client_id: 'c',
          ...changes,
        },
        { kid: 'old', typ: 'at+jwt', ...header },
      );

    await expect(verifier.verify(token())).resolves.toMatchObject({ issuer: server.issuer });
    await expect(verifier.verify(theirs())).resolves.toMatchObject({ issuer: other.issuer, clientId: 'c' });
    await expect(verifier.verify(token({ iss: other.issuer }))).rejects.toMatchObject(
      refused('typ_not_allowed'),
    );
    await expect(verifier.verify(theirs({ iss: server.issuer, azp: 'c' }))).rejects.toMatchObject(
      refused('signature_invalid'),
    );
    await expect(verifier.verify(theirs({}, { typ: 'JWT' }))).rejects.toMatchObject(
      refused('typ_not_allowed'),
    );
    await expect(verifier.verify(token({ iss: 'https://evil.example/' }))).rejects.toMatchObject(
      refused('issuer_mismatch'),
    );
    await expect(verifier.verify(token({ iss: undefined }))).rejects.toMatchObject(refused('claim_missing'));
    await expect(verifier.verify(token({ iss: ['x'] }))).rejects.toMatchObject(refused('issuer_mismatch'));
    await expect(verifier.verify(token({ iss: '__proto__' }))).rejects.toMatchObject(
      refused('issuer_mismatch'),
    );
    await other.stop();
  });

  it('fetches nothing for an issuer that is not on the list', async () => {
    const verifier = make({
      issuers: [{ issuer: server.issuer, jwksUri: server.jwksUri }, { issuer: 'https://second.example/' }],
    });
    await expect(verifier.verify(token({ iss: 'https://third.example/' }))).rejects.toMatchObject(
      refused('issuer_mismatch'),
    );
    expect(server.requests).toEqual([]);
  });
});

describe('two keys of one kid', () => {
  it('accepts a token of either', async () => {
    server.keys = [old.publicJwk, { ...next.publicJwk, kid: 'old' }];
    const verifier = make();
    await expect(verifier.verify(token())).resolves.toBeDefined();
    await expect(
      verifier.verify(next.token({ ...(JSON.parse(payloadOf(token())) as Json), jti: '2' }, { kid: 'old' })),
    ).resolves.toBeDefined();
    const stranger = Signer.create('RS256', 'old');
    await expect(verifier.verify(token({}, stranger))).rejects.toMatchObject(refused('signature_invalid'));
  });

  const payloadOf = (jwt: string) => Buffer.from(jwt.split('.')[1] as string, 'base64url').toString();
});
