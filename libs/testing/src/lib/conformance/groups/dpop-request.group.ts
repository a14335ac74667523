import { expect } from 'vitest';
import { bearer, type Arena } from '../arena.js';
import { type ConformanceGroup, type RefusalCase, type Scenario } from '../conformance-case.js';
import { expectAccepted, expectRefused } from '../expectations.js';
import { type Shot } from '../http-shot.js';
import { type DpopAbility } from '../options.js';
import {
  badProof,
  insufficientScope,
  invalidBoundToken,
  invalidToken,
  malformedRequest,
  missingOrMalformed,
  nonceNeeded,
  type Refusal,
} from '../refusal.js';
import { dpopClient, dpopKey, dpopShot, prove, type DpopClient, type ProofChange } from '../sender.js';
import { makeSigningKey, type SigningAlgorithm } from '../../keys/signing-key.js';
import { type MintOptions } from '../../tokens/mint.js';

const underDpop = (refusals: readonly Refusal[]): readonly Refusal[] =>
  refusals.map((refusal) => ({ ...refusal, scheme: 'DPoP' }));

/** The requests of DPoP clients: schemes, tokens, replays and nonces (RFC 9449, sections 7 to 9 and 11.1). */
export function dpopRequests(ability: DpopAbility): ConformanceGroup {
  const { nonces = false, algorithms = ['ES256'] } = ability;
  const ready = (arena: Arena, mint?: MintOptions): Promise<DpopClient> =>
    dpopClient(arena, ability, dpopKey, mint);
  const control = async (arena: Arena): Promise<Shot> => {
    const client = await ready(arena);
    return dpopShot(client, [prove(client)]);
  };
  const refused = (
    id: string,
    title: string,
    attack: (client: DpopClient) => Shot,
    expected: readonly Refusal[],
    mint?: MintOptions,
  ): RefusalCase => ({
    id: `dpop/${id}`,
    title,
    control,
    attack: async (arena) => attack(await ready(arena, mint)),
    expected,
  });
  const flawed = (id: string, title: string, mint: MintOptions, expected: readonly Refusal[]): RefusalCase =>
    refused(`token-${id}`, title, (client) => dpopShot(client, [prove(client)]), expected, mint);
  const accepted = (id: string, title: string, shot: (client: DpopClient) => Shot): Scenario => ({
    id: `dpop/accepts-${id}`,
    title: `accepts ${title}`,
    run: async (arena) => expectAccepted(arena, await arena.fire(shot(await ready(arena)))),
  });
  const acceptedProof = (id: string, title: string, change: ProofChange): Scenario =>
    accepted(id, title, (client) => dpopShot(client, [prove(client, change)]));

  return {
    name: 'DPoP requests',
    refusals: [
      refused(
        'downgrade',
        'a DPoP-bound token as a bearer token',
        ({ token }) => bearer(token),
        invalidToken('sender_mismatch'),
      ),
      refused(
        'downgrade-with-proof',
        'a DPoP-bound token as a bearer token, with its proof',
        (client) => dpopShot(client, [prove(client)], 'Bearer'),
        invalidToken('sender_mismatch'),
      ),
      refused(
        'two-schemes',
        'a DPoP-bound token under both schemes',
        (client) => ({
          headers: [
            ...(dpopShot(client, [prove(client)]).headers ?? []),
            ...(bearer(client.token).headers ?? []),
          ],
        }),
        [...malformedRequest, ...underDpop(malformedRequest)],
      ),
      refused(
        'no-token',
        'the scheme DPoP without a token',
        (client) => ({
          headers: [
            ['authorization', 'DPoP'],
            ['dpop', prove(client)],
          ],
        }),
        [...missingOrMalformed, ...underDpop(missingOrMalformed)],
      ),
      refused(
        'proof-only',
        'a proof without credentials',
        (client) => ({ headers: [['dpop', prove(client)]] }),
        missingOrMalformed,
      ),
      {
        id: 'dpop/unbound',
        title: 'a bearer token under the scheme DPoP, with a proof',
        control,
        attack: async (arena) => {
          const client = { ...(await ready(arena)), token: await arena.mint() };
          return dpopShot(client, [prove(client)]);
        },
        expected: [...invalidBoundToken('sender_mismatch'), ...badProof],
      },
      flawed(
        'expired',
        'an expired token with its proof',
        { expiresIn: -100 },
        invalidBoundToken('token_expired'),
      ),
      flawed(
        'audience',
        'a token for another audience with its proof',
        { audience: 'https://other.example/' },
        invalidBoundToken('audience_mismatch'),
      ),
      flawed(
        'thumbprint',
        'a token that is bound to a key that nobody has',
        { claims: { cnf: { jkt: 'A'.repeat(43) } } },
        invalidBoundToken('sender_mismatch', 'claim_invalid'),
      ),
      flawed('scope', 'a token without the scope, with its proof', { scopes: [] }, [
        ...underDpop(insufficientScope),
        ...invalidBoundToken('claim_missing', 'claim_invalid'),
      ]),
      ...(nonces
        ? [
            refused(
              'nonce-missing',
              'a proof without the nonce',
              (client) => dpopShot(client, [prove(client, { claims: { nonce: undefined } })]),
              nonceNeeded,
            ),
            refused(
              'nonce-other',
              'a proof with a nonce that was never given',
              (client) => dpopShot(client, [prove(client, { nonce: 'n'.repeat(43) })]),
              nonceNeeded,
            ),
            refused(
              'nonce-list',
              'a proof with a list of nonces',
              (client) => dpopShot(client, [prove(client, { claims: { nonce: [client.nonce] } })]),
              nonceNeeded,
            ),
          ]
        : []),
    ],
    scenarios: [
      ...['DPoP', 'dpop', 'DPOP'].map((scheme) =>
        accepted(`scheme-${scheme}`, `the scheme as ${scheme}`, (client) =>
          dpopShot(client, [prove(client)], scheme),
        ),
      ),
      acceptedProof('age', 'a proof that is some seconds old', { issuedIn: -20 }),
      acceptedProof('claims', 'claims that nobody asked for', { claims: { extra: { a: 1 } } }),
      acceptedProof('headers', 'header parameters that nobody asked for', { header: { extra: 1 } }),
      ...(nonces
        ? []
        : [acceptedProof('nonce', 'a nonce that nobody asked for', { nonce: 'not-asked-for' })]),
      ...algorithms.map((alg) => acceptsKey(alg, ability)),
      {
        id: 'dpop/accepts-bearer',
        title: 'accepts a bearer token as before',
        run: async (arena) => expectAccepted(arena, await arena.present(arena.mint())),
      },
      {
        id: 'dpop/replay',
        title: 'refuses a proof that was used, and accepts the next one of the same client',
        run: async (arena) => {
          const client = await ready(arena);
          const shot = dpopShot(client, [prove(client)]);
          expectAccepted(arena, await arena.fire(shot));
          expectRefused(arena, await arena.fire(shot), shot, badProof);
          expectAccepted(arena, await arena.fire(dpopShot(client, [prove(client)])));
        },
      },
      {
        id: 'dpop/replay-jti',
        title: 'refuses another proof of the same jti',
        run: async (arena) => {
          const client = await ready(arena);
          const claims = { jti: `again-${Date.now()}` };
          expectAccepted(arena, await arena.fire(dpopShot(client, [prove(client, { claims })])));
          const shot = dpopShot(client, [prove(client, { claims, issuedIn: -1 })]);
          expectRefused(arena, await arena.fire(shot), shot, badProof);
        },
      },
      {
        id: 'dpop/replay-race',
        title: 'accepts one of many requests with one proof',
        run: async (arena) => {
          const client = await ready(arena);
          const shot = dpopShot(client, [prove(client)]);
          const answers = await Promise.all(Array.from({ length: 10 }, () => arena.fire(shot)));
          const [accepted, others] = [
            answers.filter(({ status }) => arena.accepts(status)),
            answers.filter(({ status }) => !arena.accepts(status)),
          ];
          expect(accepted).toHaveLength(1);
          for (const answered of others) expectRefused(arena, answered, shot, badProof);
        },
      },
      ...(nonces ? [givesNonce] : []),
    ],
  };
}

function acceptsKey(alg: SigningAlgorithm, ability: DpopAbility): Scenario {
  return {
    id: `dpop/accepts-${alg.toLowerCase()}`,
    title: `accepts a proof that is signed with ${alg}`,
    run: async (arena) => {
      const client = await dpopClient(arena, ability, await makeSigningKey(alg));
      expectAccepted(arena, await arena.fire(dpopShot(client, [prove(client)])));
    },
  };
}

const givesNonce: Scenario = {
  id: 'dpop/gives-nonce',
  title: 'gives the nonce that the next proof needs (RFC 9449, section 9)',
  run: async (arena) => {
    const client = await dpopClient(arena, {});
    const shot = dpopShot(client, [prove(client)]);
    const asked = await arena.fire(shot);
    expectRefused(arena, asked, shot, nonceNeeded);
    expect(asked.dpopNonce, 'DPoP-Nonce').toMatch(/^[\x21\x23-\x5B\x5D-\x7E]+$/);
    const { dpopNonce: nonce } = asked;
    expectAccepted(arena, await arena.fire(dpopShot(client, [prove({ ...client, nonce })])));
  },
};
