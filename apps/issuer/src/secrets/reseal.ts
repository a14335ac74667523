import type { Kysely } from 'kysely';
import type { Tables } from '../store/schema.js';
import type { Store } from '../store/store.js';
import type { Vault } from './vault.js';

/**
 * Seals with the first key of the vault what another key, or none, has sealed, and removes from the disk what was there.
 *
 * @returns how many rows were written anew
 * @throws {@link VaultError}
 */
export async function reseal(store: Store, vault: Vault): Promise<number> {
  const present = await stale(store.db, vault);
  if (present.keys.length + present.actions.length === 0) return 0;
  const count = await store.change(async (transaction) => {
    const { keys, actions } = await stale(transaction, vault);
    const again = (value: string, row: string) => vault.seal(vault.open(value, row), row);
    for (const { kid, jwk } of keys) {
      await transaction
        .updateTable('signing_keys')
        .set({ jwk: again(jwk, kid) })
        .where('kid', '=', kid)
        .execute();
    }
    for (const { id, secrets, deployed_secrets } of actions) {
      const deployed = deployed_secrets === null ? null : again(deployed_secrets, id);
      await transaction
        .updateTable('actions')
        .set({ secrets: again(secrets, id), deployed_secrets: deployed })
        .where('id', '=', id)
        .execute();
    }
    return keys.length + actions.length;
  });
  await store.scrub();
  return count;
}

async function stale(db: Kysely<Tables>, vault: Vault) {
  const keys = await db.selectFrom('signing_keys').select(['kid', 'jwk']).execute();
  const actions = await db.selectFrom('actions').select(['id', 'secrets', 'deployed_secrets']).execute();
  return {
    keys: keys.filter(({ jwk }) => !vault.isCurrent(jwk)),
    actions: actions.filter(({ secrets, deployed_secrets }) =>
      [secrets, deployed_secrets ?? secrets].some((value) => !vault.isCurrent(value)),
    ),
  };
}
