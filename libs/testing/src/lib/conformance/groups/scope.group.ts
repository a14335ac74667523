import { bearer } from '../arena.js';
import { type Arena } from '../arena.js';
import { mintCase, tokenCase, type ConformanceGroup, type RefusalCase } from '../conformance-case.js';
import { expectAccepted, expectRefused } from '../expectations.js';
import { insufficientScope, invalidToken } from '../refusal.js';
import { type Dialect } from '../../tokens/dialect.js';

const scopeClaim: Record<Dialect, string> = {
  auth0: 'scope',
  rfc9068: 'scope',
  keycloak: 'scope',
  cognito: 'scope',
  okta: 'scp',
  hydra: 'scp',
  entra: 'roles',
};

const claimOf = (arena: Arena): string => scopeClaim[arena.options.dialect ?? 'auth0'];

/** The scopes spelt another way, each as if it were the name of a scope. */
function spelt(id: string, title: string, spell: (scope: string) => string): RefusalCase {
  return mintCase(
    `scope/${id}`,
    title,
    (arena) => ({ scopes: arena.options.scopes.map(spell) }),
    insufficientScope,
  );
}

function joined(id: string, title: string, separator: string): RefusalCase {
  return tokenCase(
    `scope/joined-by-${id}`,
    title,
    (arena) =>
      arena.mint({ scopes: [['other:thing', ...arena.options.scopes, 'more:things'].join(separator)] }),
    insufficientScope,
  );
}

function mistyped(id: string, title: string, value: unknown): RefusalCase {
  return mintCase(
    `scope/${id}`,
    `the scope claim ${title}`,
    (arena) => ({ claims: { [claimOf(arena)]: value } }),
    [...insufficientScope, ...invalidToken('claim_invalid', 'claim_missing')],
  );
}

function inClaim(name: string): RefusalCase {
  return mintCase(
    `scope/in-${name}`,
    `the scopes in the claim ${name} only`,
    (arena) => ({ scopes: [], claims: { [name]: arena.options.scopes, [claimOf(arena)]: undefined } }),
    [...insufficientScope, ...invalidToken('claim_missing')],
  );
}

/** Whether the token allows the act (RFC 6750, section 3.1; RFC 6749, section 3.3). */
export const scope: ConformanceGroup = {
  name: 'scope',
  refusals: [
    mintCase('scope/none', 'no scope', { scopes: [] }, insufficientScope),
    mintCase('scope/other', 'another scope', { scopes: ['other:thing'] }, insufficientScope),
    mintCase('scope/missing', 'no scope claim', (arena) => ({ claims: { [claimOf(arena)]: undefined } }), [
      ...insufficientScope,
      ...invalidToken('claim_missing'),
    ]),
    spelt('upper', 'in upper case', (name) => name.toUpperCase()),
    spelt('prefix', 'cut by a character', (name) => name.slice(0, -1)),
    spelt('suffix', 'with a character more', (name) => `${name}s`),
    spelt('below', 'with a part more', (name) => `${name}:all`),
    spelt('verb', 'by its first part only', (name) => name.split(':')[0] ?? name),
    spelt('wildcard', 'by a wildcard', (name) => `${name.split(':')[0]}:*`),
    spelt('star', 'by a star', () => '*'),
    spelt('quoted', 'in quotes', (name) => `"${name}"`),
    spelt('negated', 'with a minus', (name) => `-${name}`),
    spelt('encoded', 'percent-encoded', (name) => encodeURIComponent(name)),
    spelt('lookalike', 'with a look-alike letter', (name) => name.replace('e', 'е')),
    spelt('zero-width', 'with an invisible character', (name) => `${name}\u200b`),
    spelt('admin', 'by a grand name', () => 'admin'),
    joined('comma', 'scopes with commas between', ','),
    joined('tab', 'scopes with tabs between', '\t'),
    joined('newline', 'scopes with line ends between', '\n'),
    joined('plus', 'scopes with plus signs between', '+'),
    joined('no-break-space', 'scopes with no-break spaces between', '\u00a0'),
    joined('semicolon', 'scopes with semicolons between', ';'),
    mistyped('number', 'as a number', 7),
    mistyped('true', 'as true', true),
    mistyped('null', 'as null', null),
    mistyped('object', 'as an object', { 'read:things': true }),
    mistyped('empty', 'as an empty text', ''),
    mistyped('nested-list', 'as a list in a list', [['read:things']]),
    ...['scopes', 'authorities', 'groups', 'entitlements', 'scope_', 'Scope'].map(inClaim),
  ],
  scenarios: [
    {
      id: 'scope/each',
      title: 'every required scope is needed',
      run: async (arena) => {
        for (const left of arena.options.scopes) {
          const others = arena.options.scopes.filter((name) => name !== left);
          const shot = bearer(await arena.mint({ scopes: [...others, 'other:thing'] }));
          expectRefused(arena, await arena.fire(shot), shot, insufficientScope);
        }
        expectAccepted(arena, await arena.present(arena.mint()));
      },
    },
    {
      id: 'scope/more',
      title: 'more scopes than required, in any order, are accepted',
      run: async (arena) => {
        const scopes = ['other:thing', ...[...arena.options.scopes].reverse(), 'more:things'];
        expectAccepted(arena, await arena.present(arena.mint({ scopes })));
      },
    },
    {
      id: 'scope/known-token',
      title: 'two tokens of one client keep their own scopes',
      run: async (arena) => {
        const [wide, narrow] = [await arena.mint(), await arena.mint({ scopes: [] })];
        for (let i = 0; i < 3; i++) {
          expectAccepted(arena, await arena.present(wide));
          const shot = bearer(narrow);
          expectRefused(arena, await arena.fire(shot), shot, insufficientScope);
        }
      },
    },
  ],
};
