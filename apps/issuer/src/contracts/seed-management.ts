import { randomId, timestamp } from '../store/identifiers.js';
import type { Store } from '../store/store.js';
import { defaultTokenLifetime } from './desired-state.js';
import { managementAudience, managementScopes } from './management-scopes.js';

/** Sees to it that the management API, its client and the client's grant of every scope are there. */
export async function seedManagement(store: Store, issuer: string, clientId: string): Promise<void> {
  const audience = managementAudience(issuer);
  const scope = JSON.stringify(managementScopes);
  const seeded = await store.db
    .selectFrom('client_grants')
    .select('id')
    .where('client_id', '=', clientId)
    .where('audience', '=', audience)
    .where('scope', '=', scope)
    .executeTakeFirst();
  if (seeded) return;
  const common = { origin: 'system', changed: 0, created_at: timestamp() } as const;
  await store.change(async (transaction) => {
    // One of each: those of an earlier ISSUER_URL or ISSUER_MANAGEMENT_CLIENT_ID make way.
    for (const table of ['apis', 'clients', 'client_grants'] as const) {
      await transaction.deleteFrom(table).where('origin', '=', 'system').execute();
    }
    await transaction
      .insertInto('apis')
      .values({
        ...common,
        id: randomId(24),
        identifier: audience,
        name: 'Management API',
        scopes: JSON.stringify(managementScopes.map((value) => ({ value, description: value }))),
        token_lifetime: defaultTokenLifetime,
        token_dialect: 'access_token',
        signing_alg: 'RS256',
        enforce_policies: 0,
        settings: '{}',
      })
      .execute();
    await transaction
      .insertInto('clients')
      .values({
        ...common,
        client_id: clientId,
        name: 'Management',
        app_type: 'non_interactive',
        grant_types: JSON.stringify(['client_credentials']),
        auth_method: 'client_secret_post',
        metadata: '{}',
        settings: '{}',
      })
      .execute();
    await transaction
      .insertInto('client_grants')
      .values({
        ...common,
        id: `cgr_${randomId(16)}`,
        client_id: clientId,
        audience,
        scope,
        subject_type: 'client',
        organization_usage: 'deny',
        allow_any_organization: 0,
      })
      .execute();
  });
}
