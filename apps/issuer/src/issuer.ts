import { join } from 'node:path';
import { Logger, type BeforeApplicationShutdown, type OnApplicationShutdown } from '@nestjs/common';
import { ActionChain } from './actions/action-chain.js';
import { ActionFolder } from './actions/action-folder.js';
import { Actions } from './actions/actions.js';
import { HostPool } from './actions/host-pool.js';
import { TriggerCache } from './actions/trigger-cache.js';
import type { IssuerOptions } from './configuration/issuer.environment.js';
import { ContractWatcher } from './contracts/contract-watcher.js';
import { Reconciler } from './contracts/reconciler.js';
import { seedManagement } from './contracts/seed-management.js';
import { undoChanges } from './contracts/undo-changes.js';
import { DirectoryReader } from './directory/directory-reader.js';
import { EventLog, type TokenEvent } from './events/event-log.js';
import { FaultBoard } from './faults/fault-board.js';
import { SigningKeys } from './keys/signing-keys.js';
import { TokenSigner } from './keys/token-signer.js';
import { TokenPolicy } from './policy/token-policy.js';
import { TokenQuotas } from './quotas/token-quotas.js';
import { RateLimit } from './protocol/rate-limit.js';
import { TokenDecider } from './protocol/token-decider.js';
import { TokenEndpoint } from './protocol/token-endpoint.js';
import { ClientSecrets } from './secrets/client-secrets.js';
import { reseal } from './secrets/reseal.js';
import { SecretVerifier } from './secrets/secret-verifier.js';
import { Vault } from './secrets/vault.js';
import { Store } from './store/store.js';

/** Largest heap of a process that runs an Action, in MiB. */
const actionMemory = 64;

/** The authorization server: its parts, wired to one store. */
export class Issuer implements BeforeApplicationShutdown, OnApplicationShutdown {
  readonly directories: DirectoryReader;
  readonly keys: SigningKeys;
  readonly clientSecrets: ClientSecrets;
  readonly reconciler: Reconciler;
  readonly events: EventLog;
  readonly token: TokenEndpoint;
  readonly vault: Vault;
  readonly actionHosts: HostPool;
  readonly faults: FaultBoard;
  readonly #watcher: ContractWatcher;
  readonly #logger = new Logger('Issuer');

  private constructor(
    readonly options: IssuerOptions,
    readonly store: Store,
  ) {
    const { dataDir, issuer, actions, protection, management } = options;
    this.faults = new FaultBoard(management.clientId);
    this.vault = new Vault(protection.keyEncryptionKeys);
    this.directories = new DirectoryReader(store, this.vault);
    this.keys = new SigningKeys(store, this.vault);
    this.actionHosts = new HostPool({ ...actions, dataDir, memory: actionMemory });
    this.clientSecrets = new ClientSecrets(store, dataDir);
    this.reconciler = new Reconciler(store, options.contractsRoot);
    this.#watcher = new ContractWatcher(
      options.contractsRoot,
      () => this.reconcile(),
      (error) => this.#logger.error({ msg: 'the contracts could not be applied', err: error }),
    );
    this.events = new EventLog(store, (error) => this.fault(error));
    this.token = new TokenEndpoint({
      issuer,
      store,
      directories: this.directories,
      decider: new TokenDecider({
        policy: new TokenPolicy(),
        quotas: new TokenQuotas(store),
        actions: new Actions({
          chain: new ActionChain(this.actionHosts, new TriggerCache()),
          folder: new ActionFolder(actions.folder, join(dataDir, 'actions')),
          onNote: (action, note) => this.#logger.log({ msg: 'an Action wrote', action, note }),
        }),
        tenant: new URL(issuer).hostname,
      }),
      signer: new TokenSigner(),
      rateLimit: protection.rateLimit === undefined ? undefined : new RateLimit(protection.rateLimit),
      dpopNonce: protection.dpopNonce,
      faults: this.faults,
      secrets: new SecretVerifier(),
      events: this.events,
      log: { token: (event) => this.#logToken(event), fault: (error) => this.fault(error) },
    });
  }

  /**
   * Opens the store and brings it to what the contracts ask for.
   *
   * @throws {@link StoreError}
   */
  static async open(options: IssuerOptions): Promise<Issuer> {
    const store = await Store.open({
      ...options,
      onIdleError: (error) =>
        new Logger('Issuer').warn({ msg: 'a connection to the database broke', err: error }),
    });
    try {
      const issuer = new Issuer(options, store);
      await issuer.#prepare();
      return issuer;
    } catch (error) {
      await store.close();
      throw error;
    }
  }

  /** Writes a fault of the server to the log. */
  fault(error: unknown): void {
    this.#logger.error({ msg: 'a request could not be answered', err: error });
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.actionHosts.close();
    await this.#watcher.stop();
    await this.events.flush();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.store.close();
  }

  /** Brings the store to what the contracts say, and gives each of their clients a secret. */
  async reconcile(): Promise<void> {
    const { clients, findings, drift, steps } = await this.reconciler.reconcile();
    const known = await this.store.db
      .selectFrom('clients')
      .select('client_id')
      .where('origin', '=', 'contract')
      .execute();
    const own = known.map(({ client_id }) => client_id).filter((clientId) => clients.includes(clientId));
    await Promise.all(own.map((clientId) => this.clientSecrets.ensure(clientId)));
    for (const finding of findings) this.#logger.warn({ msg: 'a contract has an error', finding });
    for (const { kind, key, message } of drift) this.#logger.warn({ msg: `${kind} ${key} ${message}` });
    this.#logger.log({ msg: 'the contracts are applied', clients: own.length, changes: steps.length });
  }

  /**
   * Undoes what was changed through the management API.
   *
   * @returns how many differences there were
   */
  async reset(): Promise<number> {
    const { length } = await this.reconciler.drift();
    await this.store.change(undoChanges);
    await this.reconcile();
    return length;
  }

  async #prepare(): Promise<void> {
    const { issuer, management, dataDir, databaseUrl, protection } = this.options;
    await reseal(this.store, this.vault);
    await Promise.all([this.reconcile(), this.keys.ensure('RS256')]);
    await seedManagement(this.store, issuer, management.clientId);
    await this.clientSecrets.ensure(management.clientId, management.clientSecret);
    if (protection.watch) this.#watcher.start();
    this.#logger.log({
      msg: 'local authorization server for development and tests, not for production',
      issuer,
      dataDir,
      database: databaseUrl ? 'postgresql' : 'sqlite',
    });
  }

  #logToken({ type, clientId, audience, scopes, reason, detail }: TokenEvent): void {
    this.#logger.log({
      msg: type === 'token_issued' ? 'token issued' : 'token refused',
      event: type,
      client: clientId,
      audience,
      scope: scopes?.join(' '),
      ...(reason !== undefined && { reason }),
      ...(reason?.startsWith('action_') && { detail }),
    });
  }
}
