import type { ApiTable, ClientGrantTable, ClientTable, DeletionTable } from '../store/schema.js';
import type { DesiredApi, DesiredGrant, DesiredState } from './desired-state.js';

/** What the store holds of the things that contracts speak about. */
export interface PresentState {
  readonly apis: readonly ApiTable[];
  readonly clients: readonly ClientTable[];
  readonly grants: readonly ClientGrantTable[];
  readonly deletions: readonly DeletionTable[];
}

/** One change that brings the store to what the contracts say. */
export type Step =
  | { readonly kind: 'api'; readonly act: 'create' | 'update'; readonly api: DesiredApi }
  | { readonly kind: 'api'; readonly act: 'delete'; readonly identifier: string }
  | { readonly kind: 'client'; readonly act: 'create' | 'delete'; readonly clientId: string }
  | { readonly kind: 'grant'; readonly act: 'create' | 'update'; readonly grant: DesiredGrant }
  | { readonly kind: 'grant'; readonly act: 'delete'; readonly id: string };

/** Something that a person changed through the management API and that the contracts say otherwise. */
export interface Drift {
  readonly kind: 'api' | 'client' | 'grant';
  /** The identifier, the client id, or `client → audience`. */
  readonly key: string;
  readonly difference: 'changed' | 'deleted' | 'added';
  readonly message: string;
}

/** What to do, and what is left alone. */
export interface Plan {
  readonly steps: readonly Step[];
  readonly drift: readonly Drift[];
}

/** How a grant is named. */
export const grantName = (clientId: string, audience: string): string => `${clientId} → ${audience}`;

/**
 * Compares what the contracts ask for with what is there. What a person changed, added or deleted is never touched: it
 * is drift.
 */
export function planReconciliation(desired: DesiredState, present: PresentState): Plan {
  const parts = [planApis(desired, present), planClients(desired, present), planGrants(desired, present)];
  return { steps: parts.flatMap(({ steps }) => steps), drift: parts.flatMap(({ drift }) => drift) };
}

function planApis({ apis }: DesiredState, present: PresentState): Plan {
  return plan<DesiredApi, ApiTable>({
    kind: 'api',
    desired: apis.map((api) => [api.identifier, api]),
    present: present.apis.map((row) => [row.identifier, row]),
    deletions: present.deletions,
    same: (api, row) =>
      api.tokenLifetime === row.token_lifetime &&
      JSON.stringify(api.scopes) === row.scopes &&
      api.name === row.name,
    create: (api) => ({ kind: 'api', act: 'create', api }),
    update: (api) => ({ kind: 'api', act: 'update', api }),
    remove: (row) => ({ kind: 'api', act: 'delete', identifier: row.identifier }),
  });
}

function planClients({ clients }: DesiredState, present: PresentState): Plan {
  return plan<string, ClientTable>({
    kind: 'client',
    desired: clients.map((clientId) => [clientId, clientId]),
    present: present.clients.map((row) => [row.client_id, row]),
    deletions: present.deletions,
    same: (_, row) => row.changed === 0,
    create: (clientId) => ({ kind: 'client', act: 'create', clientId }),
    update: (clientId) => ({ kind: 'client', act: 'create', clientId }),
    remove: (row) => ({ kind: 'client', act: 'delete', clientId: row.client_id }),
  });
}

function planGrants({ grants }: DesiredState, present: PresentState): Plan {
  return plan<DesiredGrant, ClientGrantTable>({
    kind: 'grant',
    desired: grants.map((grant) => [grantName(grant.clientId, grant.audience), grant]),
    present: present.grants.map((row) => [grantName(row.client_id, row.audience), row]),
    deletions: present.deletions,
    same: (grant, row) =>
      JSON.stringify([...grant.scopes].sort()) === JSON.stringify((JSON.parse(row.scope) as string[]).sort()),
    create: (grant) => ({ kind: 'grant', act: 'create', grant }),
    update: (grant) => ({ kind: 'grant', act: 'update', grant }),
    remove: (row) => ({ kind: 'grant', act: 'delete', id: row.id }),
  });
}

interface Comparison<Wanted, Row> {
  readonly kind: Drift['kind'];
  readonly desired: readonly (readonly [string, Wanted])[];
  readonly present: readonly (readonly [string, Row])[];
  readonly deletions: readonly DeletionTable[];
  readonly same: (wanted: Wanted, row: Row) => boolean;
  readonly create: (wanted: Wanted) => Step;
  readonly update: (wanted: Wanted) => Step;
  readonly remove: (row: Row) => Step;
}

function plan<Wanted, Row extends { origin: string; changed: number }>(
  comparison: Comparison<Wanted, Row>,
): Plan {
  const { kind, desired, present, deletions, same, create, update, remove } = comparison;
  const steps: Step[] = [];
  const drift: Drift[] = [];
  const rows = new Map(present);
  const wantedKeys = new Set(desired.map(([key]) => key));
  for (const [key, wanted] of desired) {
    const row = rows.get(key);
    if (!row) {
      if (deletions.some((deletion) => deletion.kind === kind && deletion.key === key)) {
        drift.push({ kind, key, difference: 'deleted', message: 'was deleted, and a contract asks for it' });
      } else steps.push(create(wanted));
    } else if (!same(wanted, row)) {
      if (row.origin === 'contract' && row.changed === 0) steps.push(update(wanted));
      else
        drift.push({
          kind,
          key,
          difference: 'changed',
          message: 'was changed, and a contract says otherwise',
        });
    }
  }
  for (const [key, row] of present) {
    if (wantedKeys.has(key) || row.origin === 'system') continue;
    if (row.origin === 'contract' && row.changed === 0) steps.push(remove(row));
    else drift.push({ kind, key, difference: 'added', message: 'is there, and no contract asks for it' });
  }
  return { steps, drift };
}
