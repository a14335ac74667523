import { expect } from 'vitest';
import { bearer, type Arena } from '../arena.js';
import { type ConformanceGroup, type LoneScenario } from '../conformance-case.js';
import { expectAccepted, expectRefused } from '../expectations.js';
import { type Answered } from '../http-shot.js';
import { jwksFaults, transportFaults, type NamedFault } from '../issuer-faults.js';
import { expectAcceptance } from '../acceptance.js';
import { invalidToken } from '../refusal.js';
import { type LoopbackIssuer } from '../../issuer/loopback-issuer.js';

/** How much longer than a request that needs no issuer one with a known key may take: less than any wait for an issuer. */
const longerByMs = 1_500;

const fetches = ({ requests }: LoopbackIssuer): number => requests.jwks + requests.discovery;

/** @param beside a request without credentials that was under way at the same time, on the same busy machine */
function expectSwift(arena: Arena, answered: Answered, beside: Answered): void {
  expectAccepted(arena, answered);
  expect(answered.tookMs, 'An issuer that fails must not slow known keys down.').toBeLessThan(
    beside.tookMs + longerByMs,
  );
}

/**
 * A service that knows the keys meets an issuer that fails: a token of an unknown key makes it ask, and all the while
 * and afterwards the tokens of known keys are accepted, at once. Once the issuer recovers, new keys are found.
 */
function outage(id: string, title: string, arm: (issuer: LoopbackIssuer) => void): LoneScenario {
  return {
    id: `outage/${id}`,
    title: `${title} leaves known and new tokens of known keys accepted, and ends by itself`,
    run: async ({ issuer, start }) => {
      await issuer.reserveKeys();
      const arena = await start();
      await expectAcceptance(arena);
      const known = await arena.mint();
      expectAccepted(arena, await arena.present(known));
      const before = fetches(issuer);
      arm(issuer);
      const shot = bearer(await arena.mint({ kid: `unknown-${id}` }));
      const another = await arena.mint({ claims: { jti: id } });
      const [refused, again, fresh, beside] = await Promise.all([
        arena.fire(shot),
        arena.present(known),
        arena.present(another),
        arena.fire({}),
      ]);
      expect(fetches(issuer), 'the fault was met').toBeGreaterThan(before);
      expectSwift(arena, again, beside);
      expectSwift(arena, fresh, beside);
      expectRefused(arena, refused, shot, invalidToken('key_unknown'));
      const [later, besideIt] = await Promise.all([arena.present(known), arena.fire({})]);
      expectSwift(arena, later, besideIt);
      issuer.recover();
      issuer.rotateKeys();
      await expectAcceptance(arena);
      expectAccepted(arena, await arena.present(known));
    },
  };
}

const jwksOutage = ([id, fault]: (typeof jwksFaults)[number]): LoneScenario =>
  outage(`jwks-${id}`, `a key set that fails (${id})`, (issuer) => issuer.fault('jwks', fault));

const wholeOutage = ([id, fault]: NamedFault<(typeof transportFaults)[number][1]>): LoneScenario =>
  outage(`issuer-${id}`, `an issuer that fails (${id})`, (issuer) => {
    issuer.fault('jwks', fault);
    issuer.fault('discovery', fault);
  });

const wholeOutages = new Set(['500', 'hang', 'drip', 'disconnect', 'html', 'redirect']);

/** A service that knows the keys of an issuer that fails. */
export const outages: ConformanceGroup = {
  name: 'issuer outage',
  alone: [
    ...jwksFaults.map(jwksOutage),
    ...transportFaults.filter(([id]) => wholeOutages.has(id)).map(wholeOutage),
  ],
};
