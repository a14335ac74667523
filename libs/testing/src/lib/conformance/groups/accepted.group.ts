import { expectAccepted } from '../expectations.js';
import { type Arena } from '../arena.js';
import { type ConformanceGroup, type Scenario } from '../conformance-case.js';

function accepted(id: string, title: string, value: (arena: Arena) => Promise<string>): Scenario {
  return {
    id: `accepted/${id}`,
    title,
    run: async (arena) =>
      expectAccepted(arena, await arena.fire({ headers: [['authorization', await value(arena)]] })),
  };
}

const inSeconds = (seconds: number): number => Math.floor(Date.now() / 1000) + seconds;

/** What a strict reader still has to let through. */
export const acceptedRequests: ConformanceGroup = {
  name: 'accepted requests',
  scenarios: [
    ...['Bearer', 'bearer', 'BEARER', 'bEaReR'].map((scheme) =>
      accepted(
        `scheme-${scheme}`,
        `the scheme as ${scheme}`,
        async (arena) => `${scheme} ${await arena.mint()}`,
      ),
    ),
    accepted(
      'audience-list',
      'an audience list with this API in it',
      async (arena) =>
        `Bearer ${await arena.mint({ audience: ['https://other.example/', arena.options.audience] })}`,
    ),
    accepted(
      'more-claims',
      'claims that nobody asked for',
      async (arena) => `Bearer ${await arena.mint({ claims: { 'https://example.com/tenant': { id: 7 } } })}`,
    ),
    accepted(
      'not-before-now',
      'a not-before time that has come',
      async (arena) => `Bearer ${await arena.mint({ claims: { nbf: inSeconds(-10) } })}`,
    ),
    accepted(
      'more-headers',
      'header parameters that nobody asked for',
      async (arena) => `Bearer ${await arena.mint({ header: { 'x-extra': 1 } })}`,
    ),
    accepted(
      'short-lived',
      'a token that expires soon',
      async (arena) => `Bearer ${await arena.mint({ expiresIn: 30 })}`,
    ),
  ],
};
