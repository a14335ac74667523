import { describe, expect, it } from 'vitest';
import type { TokenDecision } from '../policy/token-policy.js';
import type { ActionAnswer } from './action-answer.js';
import { ActionFailure } from './action-failure.js';
import { ActionChain } from './action-chain.js';
import type { Action } from './action.js';
import { TriggerCache } from './trigger-cache.js';

const decision = {
  client: { clientId: 'shop', name: 'shop', metadata: {} },
  api: { identifier: 'https://stock.example' },
  scopes: ['read'],
  granted: ['read', 'write'],
} as unknown as TokenDecision;
const request = { body: {}, ip: '127.0.0.1', method: 'POST', hostname: 'localhost', userAgent: undefined };

function chain(answers: Record<string, Partial<ActionAnswer>>) {
  const seen: unknown[] = [];
  const pool = {
    run: async (action: Action, input: object) => {
      const { event } = input as { event: { accessToken: unknown } };
      seen.push(event.accessToken);
      return { id: 1, claims: {}, cache: [], log: '', ...answers[action.name] };
    },
  };
  const actions = Object.keys(answers).map((name) => ({ name, code: '', secrets: { key: 'hidden' } }));
  const outcome = new ActionChain(pool, new TriggerCache()).run(actions, {
    decision,
    request,
    requestedScopes: ['read'],
    tenant: 'localhost',
  });
  return { outcome, seen };
}

describe('ActionChain', () => {
  it('shows each Action what the one before left', async () => {
    const { outcome, seen } = chain({
      a: { claims: { one: 1 }, scopes: ['read', 'write'] },
      b: { claims: { two: 2 }, scopes: ['write'] },
    });
    expect(await outcome).toMatchObject({ claims: { one: 1, two: 2 }, scopes: ['write'] });
    expect(seen).toEqual([
      { customClaims: {}, scope: ['read'] },
      { customClaims: { one: 1 }, scope: ['read', 'write'] },
    ]);
  });

  it('gives no scope beyond the grant', async () => {
    expect((await chain({ a: { scopes: ['write', 'admin'] } }).outcome).scopes).toEqual(['write']);
  });

  it('stops at the first that denies', async () => {
    const { outcome, seen } = chain({ a: { denied: { code: 'invalid_scope', reason: 'no' } }, b: {} });
    expect((await outcome).denied).toEqual({ action: 'a', code: 'invalid_scope', reason: 'no' });
    expect(seen).toHaveLength(1);
  });

  it('does not set the claims that are the server’s, and says so', async () => {
    const claims = {
      sub: 'root',
      permissions: ['all'],
      'https://x.auth0.com/a': 1,
      'https://ns/a': 1,
      plain: 2,
    };
    const { claims: set, notes } = await chain({ a: { claims } }).outcome;
    expect(set).toEqual({ 'https://ns/a': 1, plain: 2 });
    expect(notes.map(({ note }) => note)).toEqual([
      'the claim sub is reserved and was not set',
      'the claim permissions is reserved and was not set',
      'the claim https://x.auth0.com/a is reserved and was not set',
    ]);
  });

  it('tells nobody the secrets of an Action', async () => {
    const { notes, denied } = await chain({
      a: { log: 'the key is hidden\n', denied: { code: 'invalid_request', reason: 'not hidden' } },
    }).outcome;
    expect(notes).toEqual([{ action: 'a', note: 'the key is [secret key]' }]);
    expect(denied?.reason).toBe('not [secret key]');
    const failing = new ActionChain(
      { run: () => Promise.reject(new ActionFailure('action_threw', 'a', 'failed: hidden')) },
      new TriggerCache(),
    );
    const run = failing.run([{ name: 'a', code: '', secrets: { key: 'hidden' } }], {
      decision,
      request,
      requestedScopes: [],
      tenant: 'localhost',
    });
    await expect(run).rejects.toMatchObject({ message: 'the Action a failed: [secret key]' });
  });
});
