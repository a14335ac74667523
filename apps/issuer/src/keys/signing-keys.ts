import type { Transaction } from 'kysely';
import type { SigningAlg } from '../policy/dialects.js';
import type { Tables, SigningKeyTable } from '../store/schema.js';
import { timestamp } from '../store/identifiers.js';
import type { Vault } from '../secrets/vault.js';
import type { Store } from '../store/store.js';
import { generateKey } from './generate-key.js';

/** The life of the signing keys: published as next, signing as current, still published as previous, revoked. */
export class SigningKeys {
  constructor(
    private readonly store: Store,
    private readonly vault: Vault,
  ) {}

  /** Sees to it that an algorithm has a current and a next key. */
  async ensure(alg: SigningAlg): Promise<void> {
    const present = await this.store.db
      .selectFrom('signing_keys')
      .select('state')
      .where('alg', '=', alg)
      .where('state', 'in', ['current', 'next'])
      .execute();
    if (present.length === 2) return;
    const candidates = await Promise.all([generateKey(alg), generateKey(alg)]);
    await this.store.change(async (transaction) => {
      for (const [index, state] of (['current', 'next'] as const).entries()) {
        const taken = await inState(transaction, alg, state);
        if (!taken) await insert(transaction, this.vault, candidates[index]!, alg, state);
      }
    });
  }

  /**
   * Makes the next key the current one and publishes a new next key. The key that signed until now stays published as
   * previous; one that was previous is revoked.
   *
   * @returns the `kid` of the current and of the next key
   */
  async rotate(alg: SigningAlg): Promise<{ current: string; next: string }> {
    const fresh = await generateKey(alg);
    return this.store.change(async (transaction) => {
      const next = await inState(transaction, alg, 'next');
      if (!next) throw new Error(`there is no next key for ${alg}`);
      await move(transaction, alg, 'previous', 'revoked');
      await move(transaction, alg, 'current', 'previous');
      await move(transaction, alg, 'next', 'current');
      await insert(transaction, this.vault, fresh, alg, 'next');
      return { current: next.kid, next: fresh.kid };
    });
  }

  /**
   * Stops publishing a key, so that the tokens it signed no longer verify. The current key is rotated away first.
   *
   * @returns whether there was such a key, not yet revoked
   */
  async revoke(kid: string): Promise<boolean> {
    const key = await this.find(kid);
    if (!key || key.state === 'revoked') return false;
    if (key.state !== 'previous') await this.rotate(key.alg as SigningAlg);
    if (key.state === 'next') await this.rotate(key.alg as SigningAlg);
    await this.store.change((transaction) =>
      transaction
        .updateTable('signing_keys')
        .set({ state: 'revoked', state_at: timestamp() })
        .where('kid', '=', kid)
        .execute(),
    );
    return true;
  }

  /** Every key there is or was, the newest first. */
  list(): Promise<SigningKeyTable[]> {
    return this.store.db.selectFrom('signing_keys').selectAll().orderBy('created_at', 'desc').execute();
  }

  /** One key, whatever its state. */
  find(kid: string): Promise<SigningKeyTable | undefined> {
    return this.store.db.selectFrom('signing_keys').selectAll().where('kid', '=', kid).executeTakeFirst();
  }
}

type State = SigningKeyTable['state'];

const inState = (transaction: Transaction<Tables>, alg: SigningAlg, state: State) =>
  transaction
    .selectFrom('signing_keys')
    .select('kid')
    .where('alg', '=', alg)
    .where('state', '=', state)
    .executeTakeFirst();

const move = (transaction: Transaction<Tables>, alg: SigningAlg, from: State, to: State) =>
  transaction
    .updateTable('signing_keys')
    .set({ state: to, state_at: timestamp() })
    .where('alg', '=', alg)
    .where('state', '=', from)
    .execute();

const insert = (
  transaction: Transaction<Tables>,
  vault: Vault,
  jwk: Awaited<ReturnType<typeof generateKey>>,
  alg: SigningAlg,
  state: State,
) =>
  transaction
    .insertInto('signing_keys')
    .values({
      kid: jwk.kid,
      alg,
      state,
      jwk: vault.seal(JSON.stringify(jwk), jwk.kid),
      created_at: timestamp(),
      state_at: timestamp(),
    })
    .execute();
