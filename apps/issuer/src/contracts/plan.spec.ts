import { describe, expect, it } from 'vitest';
import type { ClientGrantTable } from '../store/schema.js';
import type { DesiredState } from './desired-state.js';
import { planReconciliation, type PresentState } from './plan.js';

const desired: DesiredState = {
  apis: [],
  clients: [],
  grants: [{ clientId: 'shop', audience: 'stock', scopes: ['read', 'write'] }],
};
const row = (over: Partial<ClientGrantTable>): ClientGrantTable => ({
  id: 'cgr_1',
  client_id: 'shop',
  audience: 'stock',
  scope: '["write","read"]',
  subject_type: 'client',
  organization_usage: 'deny',
  allow_any_organization: 0,
  origin: 'contract',
  changed: 0,
  created_at: '',
  ...over,
});
const present = (over: Partial<PresentState>): PresentState => ({
  apis: [],
  clients: [],
  grants: [],
  deletions: [],
  ...over,
});
const planOf = (over: Partial<PresentState>, wanted = desired) => {
  const { steps, drift } = planReconciliation(wanted, present(over));
  return { steps: steps.map(({ act }) => act), drift: drift.map(({ difference }) => difference) };
};

describe('planReconciliation', () => {
  it('creates what is not there', () => {
    expect(planOf({})).toEqual({ steps: ['create'], drift: [] });
  });

  it('does nothing where all is as it should be, whatever the order of the scopes', () => {
    expect(planOf({ grants: [row({})] })).toEqual({ steps: [], drift: [] });
  });

  it('updates what a contract made', () => {
    expect(planOf({ grants: [row({ scope: '["read"]' })] })).toEqual({ steps: ['update'], drift: [] });
  });

  it('leaves alone what a person changed, and says so', () => {
    expect(planOf({ grants: [row({ scope: '["read"]', changed: 1 })] })).toEqual({
      steps: [],
      drift: ['changed'],
    });
  });

  it('does not bring back what a person deleted, and says so', () => {
    const deletions = [{ kind: 'grant', key: 'shop → stock' } as const];
    expect(planOf({ deletions })).toEqual({ steps: [], drift: ['deleted'] });
  });

  it('deletes what no contract asks for any more, unless a person made or changed it', () => {
    const none = { ...desired, grants: [] };
    expect(planOf({ grants: [row({})] }, none)).toEqual({ steps: ['delete'], drift: [] });
    expect(planOf({ grants: [row({ changed: 1 })] }, none)).toEqual({ steps: [], drift: ['added'] });
    expect(planOf({ grants: [row({ origin: 'api' })] }, none)).toEqual({ steps: [], drift: ['added'] });
    expect(planOf({ grants: [row({ origin: 'system' })] }, none)).toEqual({ steps: [], drift: [] });
  });
});
