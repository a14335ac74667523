import { checkContracts, formatFinding, loadContracts } from '@countersign/contract';
import type { Kysely } from 'kysely';
import type { Tables } from '../store/schema.js';
import type { Store } from '../store/store.js';
import { applyStep } from './apply-step.js';
import { desiredState } from './desired-state.js';
import { planReconciliation, type Drift, type Plan, type PresentState } from './plan.js';

/** What one reconciliation did. */
export interface Reconciliation extends Plan {
  /** What is wrong with the contracts, a line each. A contract that cannot be read takes no part. */
  readonly findings: readonly string[];
  /** Client ids of all contracts. */
  readonly clients: readonly string[];
}

/** Brings the store to what the contracts say and leaves alone what a person changed. */
export class Reconciler {
  constructor(
    private readonly store: Store,
    private readonly contractsRoot: string,
  ) {}

  /** Reads the contracts and carries out what they ask for. */
  async reconcile(): Promise<Reconciliation> {
    const loaded = loadContracts(this.contractsRoot);
    const findings = checkContracts(loaded)
      .filter(({ severity }) => severity === 'error')
      .map(formatFinding);
    const desired = desiredState(loaded.contracts.map(({ contract }) => contract));
    // An unreadable contract is not a withdrawn one: nothing is deleted while there is one.
    const unreadable = loaded.findings.some(({ severity }) => severity === 'error');
    const kept = ({ steps, drift }: Plan): Plan => ({
      steps: unreadable ? steps.filter(({ act }) => act !== 'delete') : steps,
      drift,
    });
    let plan = kept(planReconciliation(desired, await presentState(this.store.db)));
    if (plan.steps.length > 0) {
      plan = await this.store.change(async (transaction) => {
        const current = kept(planReconciliation(desired, await presentState(transaction)));
        for (const step of current.steps) await applyStep(transaction, step);
        return current;
      });
    }
    return { ...plan, findings, clients: desired.clients };
  }

  /** What a person changed and the contracts say otherwise, as of now. */
  async drift(): Promise<readonly Drift[]> {
    const { contracts } = loadContracts(this.contractsRoot);
    const desired = desiredState(contracts.map(({ contract }) => contract));
    return planReconciliation(desired, await presentState(this.store.db)).drift;
  }
}

async function presentState(db: Kysely<Tables>): Promise<PresentState> {
  return {
    apis: await db.selectFrom('apis').selectAll().execute(),
    clients: await db.selectFrom('clients').selectAll().execute(),
    grants: await db.selectFrom('client_grants').selectAll().execute(),
    deletions: await db.selectFrom('deletions').selectAll().execute(),
  };
}
