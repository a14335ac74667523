import { expect } from 'vitest';
import { bearer, type Arena } from '../arena.js';
import { findChallenge } from '../challenge.js';
import { type ConformanceGroup, type LoneScenario } from '../conformance-case.js';
import { expectAccepted, expectRefused } from '../expectations.js';
import { discoveryFaults, jwksFaults } from '../issuer-faults.js';
import { expectAcceptance } from '../acceptance.js';
import { invalidToken } from '../refusal.js';
import { type LoopbackIssuer } from '../../issuer/loopback-issuer.js';
import { makeSigningKey, type SigningKey } from '../../keys/signing-key.js';

const answerWithinMs = 10_000;

async function expectUnavailable(arena: Arena): Promise<void> {
  const answered = await arena.present(arena.mint());
  expect(answered.status, answered.body.slice(0, 300)).toBe(503);
  expect(Number(answered.retryAfter), 'Retry-After').toBeGreaterThan(0);
  expect(answered.tookMs).toBeLessThan(answerWithinMs);
  expect(findChallenge(answered.challenges, 'Bearer')?.['error']).not.toBe('invalid_token');
  if (arena.options.expectCodes !== false)
    expect(JSON.parse(answered.body)).toMatchObject({ statusCode: 503, code: 'keys_unavailable' });
}

function unavailable(id: string, title: string, arm: (issuer: LoopbackIssuer) => void): LoneScenario {
  return {
    id: `cold/${id}`,
    title: `503 while ${title}, then recovery without a restart`,
    run: async ({ issuer, start }) => {
      arm(issuer);
      const arena = await start();
      await expectUnavailable(arena);
      issuer.recover();
      await expectAcceptance(arena);
    },
  };
}

/** A key set whose only key under the token's `kid` must not be used. */
function unusable(
  id: string,
  title: string,
  publish: (key: SigningKey) => Record<string, unknown>,
): LoneScenario {
  return {
    id: `cold/key-${id}`,
    title: `a key ${title} is not used`,
    run: async ({ issuer, start }) => {
      issuer.fault('jwks', { kind: 'keys', keys: [publish(issuer.signingKey())] });
      const arena = await start();
      const answered = await arena.present(arena.mint());
      expect([401, 503], answered.body.slice(0, 300)).toContain(answered.status);
      issuer.recover();
      await expectAcceptance(arena);
    },
  };
}

/** A key beside the usable one, whose signatures must not count. */
function passedOver(id: string, title: string, make: () => Promise<SigningKey>): LoneScenario {
  return {
    id: `cold/passed-over-${id}`,
    title,
    run: async ({ issuer, start }) => {
      const key = await make();
      issuer.fault('jwks', { kind: 'keys', keys: [issuer.signingKey().publicJwk, key.publicJwk] });
      const arena = await start();
      await expectAcceptance(arena);
      const shot = bearer(await arena.mint({ key }));
      expectRefused(
        arena,
        await arena.fire(shot),
        shot,
        invalidToken('key_unknown', 'alg_not_allowed', 'signature_invalid'),
      );
    },
  };
}

/** The same key, published under another algorithm than its own. */
async function publishedAs(key: Promise<SigningKey>, alg: SigningKey['alg']): Promise<SigningKey> {
  const made = await key;
  return { ...made, publicJwk: { ...made.publicJwk, alg } };
}

const otherKeys: readonly LoneScenario[] = [
  passedOver('weak', 'an RSA key of 1,024 bits is not used', () =>
    makeSigningKey('RS256', { modulusLength: 1024 }),
  ),
  passedOver('other-alg', 'a key that is published for RS512 is not used for RS256', () =>
    publishedAs(makeSigningKey('RS256'), 'RS512'),
  ),
  passedOver('other-curve', 'a key whose type does not fit its algorithm is not used', () =>
    publishedAs(makeSigningKey('ES384'), 'ES256'),
  ),
  unusable('encryption', 'for encryption', (key) => ({ ...key.publicJwk, use: 'enc' })),
  unusable('key-ops', 'that may only sign', (key) => ({
    ...key.publicJwk,
    key_ops: ['sign'],
    use: undefined,
  })),
  unusable('symmetric', 'that is a shared secret', (key) => ({
    kty: 'oct',
    kid: key.kid,
    k: 'c2VjcmV0',
    alg: 'HS256',
  })),
  unusable('no-modulus', 'without a modulus', (key) => ({ ...key.publicJwk, n: undefined })),
  unusable('unknown-type', 'of an unknown type', (key) => ({ ...key.publicJwk, kty: 'XYZ' })),
];

const firstRequests: readonly LoneScenario[] = [
  {
    id: 'cold/healthy',
    title: 'the first request of a healthy start is accepted, with one fetch for a crowd',
    run: async ({ issuer, start }) => {
      const arena = await start();
      const crowd = await Promise.all(Array.from({ length: 20 }, () => arena.present(arena.mint())));
      for (const answered of crowd) expectAccepted(arena, answered);
      issuer.expectRequests('jwks', 1);
    },
  },
  {
    id: 'cold/flood',
    title: 'a crowd of bad tokens before the first good one neither hides it nor floods the issuer',
    run: async ({ issuer, start }) => {
      const arena = await start();
      await Promise.all(
        Array.from({ length: 50 }, async (_unused, index) => {
          const shot = bearer(await arena.mint({ kid: `cold-${index}` }));
          expectRefused(arena, await arena.fire(shot), shot, invalidToken('key_unknown'));
        }),
      );
      expectAccepted(arena, await arena.present(arena.mint()));
      expect(issuer.requests.jwks).toBeLessThanOrEqual(3);
    },
  },
  {
    id: 'cold/next-key',
    title: 'a key that is published ahead is known when it begins to sign',
    run: async ({ issuer, start }) => {
      await issuer.reserveKeys();
      issuer.publishNext();
      const arena = await start();
      await expectAcceptance(arena);
      const before = issuer.requests.jwks;
      issuer.rotateKeys();
      expectAccepted(arena, await arena.present(arena.mint()));
      issuer.expectRequests('jwks', before);
    },
  },
  {
    id: 'cold/sudden-rotation',
    title: 'a key that nobody announced is fetched when it is first seen',
    run: async ({ issuer, start }) => {
      await issuer.reserveKeys();
      const arena = await start();
      await expectAcceptance(arena);
      issuer.rotateKeys();
      await expectAcceptance(arena);
    },
  },
];

/** A service that has just started and knows no key yet. */
export function coldStart(abilities: { readonly discovery: boolean }): ConformanceGroup {
  return {
    name: 'cold start',
    alone: [
      ...firstRequests,
      ...otherKeys,
      ...jwksFaults.map(([id, fault]) =>
        unavailable(`jwks-${id}`, `the first key set is ${id}`, (issuer) => issuer.fault('jwks', fault)),
      ),
      ...(abilities.discovery ? discoveryFaults : []).map(([id, fault]) =>
        unavailable(`discovery-${id}`, `the first discovery is ${id}`, (issuer) =>
          issuer.fault('discovery', fault(issuer)),
        ),
      ),
    ],
  };
}
