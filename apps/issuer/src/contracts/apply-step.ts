import type { Transaction } from 'kysely';
import { deleteClient, deleteGrants } from '../store/deletions.js';
import { randomId, timestamp } from '../store/identifiers.js';
import type { Tables } from '../store/schema.js';
import type { Step } from './plan.js';

/** Carries out one step of a plan. */
export async function applyStep(db: Transaction<Tables>, step: Step): Promise<void> {
  if (step.kind === 'api') return applyApi(db, step);
  if (step.kind === 'client') return applyClient(db, step);
  return applyGrant(db, step);
}

async function applyApi(db: Transaction<Tables>, step: Step & { kind: 'api' }): Promise<void> {
  if (step.act === 'delete') {
    await db.deleteFrom('apis').where('identifier', '=', step.identifier).execute();
    return;
  }
  const { api } = step;
  const values = { name: api.name, scopes: JSON.stringify(api.scopes), token_lifetime: api.tokenLifetime };
  if (step.act === 'update') {
    await db.updateTable('apis').set(values).where('identifier', '=', api.identifier).execute();
    return;
  }
  await db
    .insertInto('apis')
    .values({
      ...values,
      id: randomId(24),
      identifier: api.identifier,
      token_dialect: 'access_token',
      signing_alg: 'RS256',
      enforce_policies: 0,
      settings: '{}',
      origin: 'contract',
      changed: 0,
      created_at: timestamp(),
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

async function applyClient(db: Transaction<Tables>, step: Step & { kind: 'client' }): Promise<void> {
  if (step.act === 'delete') {
    await deleteClient(db, step.clientId);
    return;
  }
  await db
    .insertInto('clients')
    .values({
      client_id: step.clientId,
      name: step.clientId,
      app_type: 'non_interactive',
      grant_types: JSON.stringify(['client_credentials']),
      auth_method: 'client_secret_post',
      metadata: '{}',
      settings: '{}',
      origin: 'contract',
      changed: 0,
      created_at: timestamp(),
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

async function applyGrant(db: Transaction<Tables>, step: Step & { kind: 'grant' }): Promise<void> {
  if (step.act === 'delete') {
    await deleteGrants(db, [step.id]);
    return;
  }
  const { clientId, audience, scopes } = step.grant;
  const scope = JSON.stringify(scopes);
  if (step.act === 'update') {
    await db
      .updateTable('client_grants')
      .set({ scope })
      .where('client_id', '=', clientId)
      .where('audience', '=', audience)
      .execute();
    return;
  }
  await db
    .insertInto('client_grants')
    .values({
      id: `cgr_${randomId(16)}`,
      client_id: clientId,
      audience,
      scope,
      subject_type: 'client',
      organization_usage: 'deny',
      allow_any_organization: 0,
      origin: 'contract',
      changed: 0,
      created_at: timestamp(),
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
