import { expect } from 'vitest';
import { bearer, type Arena } from '../arena.js';
import { type ConformanceGroup, type Scenario } from '../conformance-case.js';
import { expectAccepted, expectRefused } from '../expectations.js';
import { invalidToken } from '../refusal.js';
import { jwksFaults } from './keys.group.js';
import { generateSigningKey, type SigningKey } from '../../keys/signing-key.js';
import { parseBearerChallenge } from '../challenge.js';

const recoveryMs = 15_000;
const answerWithinMs = 10_000;

async function expectUnavailable(arena: Arena): Promise<void> {
  const answered = await arena.present(arena.mint());
  expect(answered.status, answered.body.slice(0, 300)).toBe(503);
  expect(Number(answered.retryAfter), 'Retry-After').toBeGreaterThan(0);
  expect(answered.tookMs).toBeLessThan(answerWithinMs);
  expect(parseBearerChallenge(answered.challenges)?.['error']).not.toBe('invalid_token');
  if (arena.options.expectCodes !== false)
    expect(JSON.parse(answered.body)).toMatchObject({ statusCode: 503, code: 'keys_unavailable' });
}

async function expectRecovery(arena: Arena): Promise<void> {
  await expect
    .poll(async () => arena.accepts((await arena.present(arena.mint())).status), {
      timeout: recoveryMs,
      interval: 200,
    })
    .toBe(true);
}

function coldFault(endpoint: 'jwks' | 'discovery', [id, fault]: (typeof jwksFaults)[number]): Scenario {
  return {
    id: `cold/${endpoint}-${id}`,
    title: `503 while the first ${endpoint} answer is ${id}, then recovery without a restart`,
    run: async (arena) => {
      arena.issuer.fault(endpoint, fault);
      await expectUnavailable(arena);
      arena.issuer.recover();
      await expectRecovery(arena);
    },
  };
}

/** A key set whose only key under the token's `kid` must not be used. */
function unusable(
  id: string,
  title: string,
  publish: (key: SigningKey) => Record<string, unknown>,
): Scenario {
  return {
    id: `cold/key-${id}`,
    title: `a key ${title} is not used`,
    run: async (arena) => {
      const key = arena.issuer.signingKey();
      arena.issuer.fault('jwks', { kind: 'keys', keys: [publish(key)] });
      const answered = await arena.present(arena.mint());
      expect([401, 503], answered.body.slice(0, 300)).toContain(answered.status);
      arena.issuer.recover();
      await expectRecovery(arena);
    },
  };
}

/** A key beside the usable one, whose signatures must not count. */
function passedOver(id: string, title: string, make: () => SigningKey): Scenario {
  return {
    id: `cold/passed-over-${id}`,
    title,
    run: async (arena) => {
      const key = make();
      const keys = [arena.issuer.signingKey().publicJwk, key.publicJwk];
      arena.issuer.fault('jwks', { kind: 'keys', keys });
      expectAccepted(arena, await arena.present(arena.mint()));
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

/** A service that has just started and knows no key yet. Each case starts one of its own. */
export const coldStart: ConformanceGroup = {
  name: 'cold start',
  scenarios: [
    ...jwksFaults.map((fault) => coldFault('jwks', fault)),
    {
      id: 'cold/healthy',
      title: 'the first request of a healthy start is accepted, with one fetch for a crowd',
      run: async (arena) => {
        const crowd = await Promise.all(Array.from({ length: 20 }, () => arena.present(arena.mint())));
        for (const answered of crowd) expectAccepted(arena, answered);
        expect(arena.issuer.requests.jwks).toBe(1);
      },
    },
    {
      id: 'cold/flood',
      title: 'a crowd of bad tokens before the first good one neither hides it nor floods the issuer',
      run: async (arena) => {
        await Promise.all(
          Array.from({ length: 50 }, async (_unused, index) => {
            const shot = bearer(await arena.mint({ kid: `cold-${index}` }));
            expectRefused(arena, await arena.fire(shot), shot, invalidToken('key_unknown'));
          }),
        );
        expectAccepted(arena, await arena.present(arena.mint()));
        expect(arena.issuer.requests.jwks).toBeLessThanOrEqual(3);
      },
    },
    {
      id: 'cold/next-key',
      title: 'a key that is published ahead is known when it begins to sign',
      run: async (arena) => {
        arena.issuer.publishNext();
        expectAccepted(arena, await arena.present(arena.mint()));
        const before = arena.issuer.requests.jwks;
        arena.issuer.rotateKeys();
        expectAccepted(arena, await arena.present(arena.mint()));
        expect(arena.issuer.requests.jwks).toBe(before);
      },
    },
    {
      id: 'cold/sudden-rotation',
      title: 'a key that nobody announced is fetched when it is first seen',
      run: async (arena) => {
        expectAccepted(arena, await arena.present(arena.mint()));
        arena.issuer.rotateKeys();
        await expectRecovery(arena);
      },
    },
    passedOver('weak', 'an RSA key of 1,024 bits is not used', () =>
      generateSigningKey('RS256', { modulusLength: 1024 }),
    ),
    passedOver('other-alg', 'a key that is published for RS512 is not used for RS256', () => {
      const key = generateSigningKey('RS256');
      return { ...key, publicJwk: { ...key.publicJwk, alg: 'RS512' } };
    }),
    passedOver('other-curve', 'a key whose type does not fit its algorithm is not used', () => {
      const key = generateSigningKey('ES384');
      return { ...key, publicJwk: { ...key.publicJwk, alg: 'ES256' } };
    }),
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
  ],
};
