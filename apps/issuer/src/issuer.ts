import { Logger, type BeforeApplicationShutdown, type OnApplicationShutdown } from '@nestjs/common';
import type { IssuerOptions } from './configuration/issuer.environment.js';
import { Reconciler } from './contracts/reconciler.js';
import { seedManagement } from './contracts/seed-management.js';
import { DirectoryReader } from './directory/directory-reader.js';
import { EventLog, type TokenEvent } from './events/event-log.js';
import { SigningKeys } from './keys/signing-keys.js';
import { TokenPolicy } from './policy/token-policy.js';
import { TokenEndpoint } from './protocol/token-endpoint.js';
import { ClientSecrets } from './secrets/client-secrets.js';
import { SecretVerifier } from './secrets/secret-verifier.js';
import { Store } from './store/store.js';

/** The authorization server: its parts, wired to one store. */
export class Issuer implements BeforeApplicationShutdown, OnApplicationShutdown {
  readonly directories: DirectoryReader;
  readonly keys: SigningKeys;
  readonly clientSecrets: ClientSecrets;
  readonly reconciler: Reconciler;
  readonly events: EventLog;
  readonly token: TokenEndpoint;
  readonly #logger = new Logger('Issuer');

  private constructor(
    readonly options: IssuerOptions,
    readonly store: Store,
  ) {
    this.directories = new DirectoryReader(store);
    this.keys = new SigningKeys(store);
    this.clientSecrets = new ClientSecrets(store, options.dataDir);
    this.reconciler = new Reconciler(store, options.contractsRoot);
    this.events = new EventLog(store, (error) => this.fault(error));
    this.token = new TokenEndpoint({
      issuer: options.issuer,
      store,
      directories: this.directories,
      policy: new TokenPolicy(),
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
    await this.events.flush();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.store.close();
  }

  async #prepare(): Promise<void> {
    const { issuer, management, dataDir, databaseUrl } = this.options;
    const [{ clients, findings, drift, steps }] = await Promise.all([
      this.reconciler.reconcile(),
      this.keys.ensure('RS256'),
    ]);
    await seedManagement(this.store, issuer, management.clientId);
    const { db } = this.store;
    const known = await db
      .selectFrom('clients')
      .select('client_id')
      .where('origin', '=', 'contract')
      .execute();
    const own = known.map(({ client_id }) => client_id).filter((clientId) => clients.includes(clientId));
    await Promise.all([
      ...own.map((clientId) => this.clientSecrets.ensure(clientId)),
      this.clientSecrets.ensure(management.clientId, management.clientSecret),
    ]);
    for (const finding of findings) this.#logger.warn({ msg: 'a contract has an error', finding });
    for (const { kind, key, message } of drift) this.#logger.warn({ msg: `${kind} ${key} ${message}` });
    this.#logger.log({
      msg: 'local authorization server for development and tests, not for production',
      issuer,
      dataDir,
      database: databaseUrl ? 'postgresql' : 'sqlite',
      clients: own.length,
      reconciled: steps.length,
    });
  }

  #logToken({ type, clientId, audience, scopes, reason }: TokenEvent): void {
    this.#logger.log({
      msg: type === 'token_issued' ? 'token issued' : 'token refused',
      event: type,
      client: clientId,
      audience,
      scope: scopes?.join(' '),
      ...(reason !== undefined && { reason }),
    });
  }
}
