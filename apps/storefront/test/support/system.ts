import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Caller,
  callerOf,
  freePort,
  rememberSecret,
  type RunningProcess,
  startProcess,
} from '@countersign/testing';

const entryOf = (app: string): URL => new URL(`../../../${app}/dist/main.js`, import.meta.url);

/** What a service of the {@link System} is called. */
export type ServiceName = 'orders' | 'inventory';

/** The real issuer and the real services as they are built, each a process of its own. */
export class System implements AsyncDisposable {
  readonly #processes = new Map<string, RunningProcess>();
  readonly #ports: Readonly<Record<'issuer' | ServiceName, number>>;

  private constructor(
    readonly dataDir: string,
    ports: Readonly<Record<'issuer' | ServiceName, number>>,
  ) {
    this.#ports = ports;
  }

  /** Chooses ports and a data folder; starts nothing. */
  static async create(): Promise<System> {
    const [issuer, orders, inventory] = [await freePort(), await freePort(), await freePort()];
    return new System(await mkdtemp(join(tmpdir(), 'countersign-')), { issuer, orders, inventory });
  }

  get issuer(): string {
    return `http://localhost:${this.#ports.issuer}/`;
  }

  /** Base URL of a service. */
  url(name: ServiceName): string {
    return `http://127.0.0.1:${this.#ports[name]}`;
  }

  /** Calls a service. */
  call(name: ServiceName): Caller {
    return callerOf(this.url(name));
  }

  /** What makes a process a client of the issuer that finds its callees. */
  environmentOf(client: string): Record<string, string> {
    return {
      AUTH_ISSUER: this.issuer,
      M2M_CLIENT_ID: client,
      M2M_CLIENT_SECRET_FILE: join(this.dataDir, 'secrets', client),
      ORDERS_URL: this.url('orders'),
      INVENTORY_URL: this.url('inventory'),
    };
  }

  /** Starts a part of the system and waits until it is ready. */
  async start(name: 'issuer' | ServiceName): Promise<RunningProcess> {
    const env: Record<string, string> =
      name === 'issuer'
        ? { ISSUER_URL: this.issuer, ISSUER_DATA_DIR: this.dataDir }
        : this.environmentOf(name);
    const started = await startProcess({ entry: entryOf(name), env, port: this.#ports[name] });
    this.#processes.set(name, started);
    return started;
  }

  /** Starts all of it. */
  async startAll(): Promise<void> {
    await this.start('issuer');
    await Promise.all([this.start('orders'), this.start('inventory')]);
  }

  /** Stops a part of the system. */
  async stop(name: 'issuer' | ServiceName) {
    return this.#processes.get(name)?.stop();
  }

  /** A token of the issuer for the storefront. */
  async token(audience: string, scope?: string): Promise<string> {
    const { status, body } = await callerOf(this.issuer)('POST', 'oauth/token', {
      body: {
        grant_type: 'client_credentials',
        client_id: 'storefront',
        client_secret: await this.secret('storefront'),
        audience,
        scope,
      },
    });
    const { access_token: token } = body as { access_token?: string };
    if (token === undefined) throw new Error(`The issuer answered ${status}.`);
    return token;
  }

  /** The secret that the issuer made for a client. */
  async secret(client: string): Promise<string> {
    const secret = (await readFile(join(this.dataDir, 'secrets', client), 'utf8')).trim();
    rememberSecret(`secret of ${client}`, secret);
    return secret;
  }

  /** Everything that the processes wrote. */
  get output(): string {
    return [...this.#processes.values()].map(({ output }) => output).join('\n');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#processes.values()].map((running) => running.stop()));
    await rm(this.dataDir, { recursive: true, force: true });
  }
}
