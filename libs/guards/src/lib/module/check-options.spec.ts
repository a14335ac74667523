import { afterEach, describe, expect, it } from 'vitest';
import { MemoryDenylist } from '../denylist/memory-denylist.js';
import { dialects } from '../dialects/dialects.js';
import { AuthOptionsError } from '../errors/auth-options-error.js';
import type { KeySetEvent } from '../keys/key-set-event.js';
import { MemoryReplayStore } from '../sender/memory-replay-store.js';
import { KeyServer } from '../../../test/support/core/key-server.js';
import { Signer } from '../../../test/support/core/signer.js';
import type { AuthModuleOptions } from './auth-module-options.js';
import { type CheckedAuth, checkOptions } from './check-options.js';

const issuer = 'https://tenant.example/';
const good: AuthModuleOptions = { issuer, audience: 'https://orders.example' };
const open: CheckedAuth[] = [];

afterEach(() => open.splice(0).forEach(({ verifier }) => verifier.close()));

function check(change: object): CheckedAuth {
  const checked = checkOptions({ ...good, ...change });
  open.push(checked);
  return checked;
}

function problemsOf(change: object): readonly string[] {
  try {
    check(change);
    return [];
  } catch (error) {
    if (error instanceof AuthOptionsError) return error.problems;
    throw error;
  }
}

describe('checkOptions', () => {
  it.each([
    ['the least', {}],
    ['an option that is undefined', { realm: undefined, sender: undefined, keys: undefined }],
    [
      'everything of one issuer',
      {
        jwksUri: 'https://keys.example/',
        dialect: { ...dialects.rfc9068, name: 'acme' },
        algorithms: ['ES256'],
        requiredClaims: ['org_id'],
        keys: { refreshSeconds: 60, maxWaiting: 10 },
        denylist: new MemoryDenylist(),
        onKeySetEvent: () => undefined,
      },
    ],
    [
      'everything of several issuers',
      {
        issuer: undefined,
        issuers: [{ issuer, algorithms: ['ES256'], requiredClaims: ['org_id'], keys: { timeoutMs: 500 } }],
      },
    ],
    ['rules that are tried out', { reportOnly: ['scope', 'token'] }],
    ['DPoP and mTLS with their defaults', { sender: { required: true, dpop: true, mtls: true } }],
    [
      'everything of DPoP and mTLS',
      {
        sender: {
          dpop: {
            maxAgeSeconds: 30,
            algorithms: ['ES256'],
            replayStore: new MemoryReplayStore(),
            pathPrefix: '/a/b',
          },
          mtls: { certificateHeader: { name: 'Client-Cert', encoding: 'rfc9440' } },
        },
      },
    ],
  ])('has nothing against %s', (_what, change) => {
    expect(problemsOf(change)).toEqual([]);
  });

  it.each([
    [
      'a misspelled option of an issuer',
      { issuer: undefined, issuers: [{ issuer, requiredClaim: ['a'] }] },
      'requiredClaim',
    ],
    ['a misspelled option of the keys', { keys: { timeout: 1 } }, '"timeout"'],
    ['a misspelled option of DPoP', { sender: { dpop: { maxAge: 1 } } }, '"maxAge"'],
    [
      'rules of one issuer beside several',
      { requiredClaims: ['a'], issuer: undefined, issuers: [{ issuer }] },
      'issuers: takes the place of',
    ],
    ['issuers that are no list', { issuer: undefined, issuers: issuer }, 'issuers'],
    ['a list of no issuers', { issuer: undefined, issuers: [null] }, 'issuers[0] must be an object'],
    ['an HMAC algorithm', { algorithms: ['HS256'] }, 'issuers[0].algorithms'],
    ['a required claim without a name', { requiredClaims: [''] }, 'issuers[0].requiredClaims'],
    ['required claims that are no list', { requiredClaims: 'org_id' }, 'issuers[0].requiredClaims'],
    ['an endless timeout', { keys: { timeoutMs: Infinity } }, 'issuers[0].keys.timeoutMs'],
    ['a dialect without types', { dialect: { ...dialects.rfc9068, types: [] } }, 'issuers[0].dialect.types'],
    ['a dialect without clients', { dialect: { ...dialects.rfc9068, clientIdClaims: [] } }, 'clientIdClaims'],
    [
      'a dialect without algorithms',
      { dialect: { ...dialects.rfc9068, algorithms: undefined } },
      'dialect.algorithms',
    ],
    ['a denylist that is a list', { denylist: ['a'] }, 'denylist must have denies()'],
    ['a listener that is no function', { onKeySetEvent: 'log' }, 'onKeySetEvent: must be a function'],
    [
      'a sender that is required and never accepted',
      { sender: { required: true } },
      'sender.required: accepts no token',
    ],
    [
      'a proof that lives an hour',
      { sender: { dpop: { maxAgeSeconds: 3_600 } } },
      'sender.dpop.maxAgeSeconds',
    ],
    [
      'a replay store that stores nothing',
      { sender: { dpop: { replayStore: {} } } },
      'sender.dpop.replayStore must have use()',
    ],
    [
      'nonces without an end',
      { sender: { dpop: { nonces: { current: () => '' } } } },
      'sender.dpop.nonces must have current() and accepts()',
    ],
    [
      'a path prefix with a slash at its end',
      { sender: { dpop: { pathPrefix: '/orders/' } } },
      'sender.dpop.pathPrefix',
    ],
    [
      'a certificate header without a name',
      { sender: { mtls: { certificateHeader: { encoding: 'rfc9440' } } } },
      'sender.mtls.certificateHeader.name',
    ],
    [
      'a certificate header that clients write',
      { sender: { mtls: { certificateHeader: { name: 'Authorization', encoding: 'rfc9440' } } } },
      'the proxy alone',
    ],
    [
      'an unknown encoding of certificates',
      { sender: { mtls: { certificateHeader: { name: 'x-cert', encoding: 'pem' } } } },
      'sender.mtls.certificateHeader.encoding',
    ],
    ['a rule that cannot be report-only', { reportOnly: ['signature'] }, 'reportOnly.0'],
    ['an audience that is a pattern', { audience: /orders/ }, 'audience must name'],
  ] as [string, object, string][])('refuses %s', (_what, change, problem) => {
    expect(problemsOf(change)).toContainEqual(expect.stringContaining(problem));
  });

  it.each([undefined, null, 'options'])('refuses options that are %s', (options) => {
    expect(() => checkOptions(options as never)).toThrow(AuthOptionsError);
  });

  it('reports every problem at once', () => {
    const problems = problemsOf({
      issuer: 'nowhere',
      realm: '',
      denylist: {},
      sender: { dpop: { maxAgeSeconds: 0 } },
    });
    expect(problems).toHaveLength(4);
  });

  it('gives every option to the verifier', async () => {
    const signer = Signer.create('ES256', 'k');
    const server = await KeyServer.start([signer.publicJwk]);
    try {
      const events: KeySetEvent[] = [];
      const denylist = new MemoryDenylist();
      const { verifier } = check({
        issuer: server.issuer,
        jwksUri: server.jwksUri,
        algorithms: ['ES256'],
        requiredClaims: ['org_id'],
        denylist,
        onKeySetEvent: (event: KeySetEvent) => events.push(event),
      });
      const now = Math.floor(Date.now() / 1_000);
      const claims = { iss: server.issuer, sub: 's', aud: good.audience, azp: 'c', iat: now, exp: now + 60 };
      const token = signer.token({ ...claims, org_id: 'acme' });
      await expect(verifier.verify(token)).resolves.toMatchObject({ clientId: 'c' });
      expect(events).toEqual([expect.objectContaining({ type: 'refreshed', issuer: server.issuer })]);
      await expect(verifier.verify(signer.token(claims))).rejects.toMatchObject({
        code: 'claim_missing',
        claim: 'org_id',
      });
      denylist.denyClient('c');
      await expect(verifier.verify(token)).rejects.toMatchObject({ code: 'token_not_active' });
      const other = Signer.create('RS256', 'k');
      await expect(verifier.verify(other.token(claims))).rejects.toMatchObject({ code: 'alg_not_allowed' });
    } finally {
      await server.stop();
    }
  });
});
