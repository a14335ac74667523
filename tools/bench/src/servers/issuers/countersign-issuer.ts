import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@countersign/testing';
import { type Usage } from '../../measure/child-protocol.js';
import { type Served } from '../../measure/measure-in-turn.js';
import { ServerProcess } from '../../measure/server-process.js';
import { type IssuerAlgorithm } from './issuer-config.js';

const main = new URL('../../../../../apps/issuer/dist/main.js', import.meta.url);
const management = { id: 'issuer-management', secret: 'only-for-this-run-and-this-machine' };

/** A contract for each service, without its name. */
export type Contracts = Readonly<Record<string, object>>;

/** The workspace's own issuer, as it is built, with its state in a folder that is gone afterwards. */
export class CountersignIssuer implements AsyncDisposable, Served {
  private constructor(
    private readonly server: ServerProcess,
    readonly port: number,
    private readonly folder: string,
  ) {}

  /** @param contracts by service name; those of the workspace where undefined */
  static async start(contracts?: Contracts): Promise<CountersignIssuer> {
    const folder = await mkdtemp(join(tmpdir(), 'bench-issuer-'));
    try {
      for (const [service, contract] of Object.entries(contracts ?? {})) {
        await mkdir(join(folder, 'apps', service), { recursive: true });
        await writeFile(
          join(folder, 'apps', service, 'contract.json'),
          JSON.stringify({ service, scopes: {}, allows: {}, calls: {}, ...contract }),
        );
      }
      const port = await freePort();
      const server = await ServerProcess.startService(main, port, {
        ISSUER_URL: `http://localhost:${port}/`,
        ISSUER_DATA_DIR: join(folder, 'data'),
        ISSUER_MANAGEMENT_CLIENT_ID: management.id,
        ISSUER_MANAGEMENT_CLIENT_SECRET: management.secret,
        ...(contracts && { ISSUER_CONTRACTS: folder }),
      });
      return new CountersignIssuer(server, port, folder);
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  get issuer(): string {
    return `http://localhost:${this.port}/`;
  }

  usage(): Promise<Usage> {
    return this.server.usage();
  }

  secretFile(clientId: string): string {
    return join(this.folder, 'data/secrets', clientId);
  }

  async secret(clientId: string): Promise<string> {
    return (await readFile(this.secretFile(clientId), 'utf8')).trim();
  }

  /** @returns the access token of a client-credentials grant */
  async token(clientId: string, clientSecret: string, audience: string): Promise<string> {
    const answer = await this.#send('oauth/token', {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: clientId,
        client_secret: clientSecret,
        audience,
      }),
    });
    return (answer as { access_token: string }).access_token;
  }

  /** Has the tokens of an API signed with another algorithm, as a person does it: by the management API. */
  async signWith(algorithm: IssuerAlgorithm, audience: string): Promise<void> {
    const token = await this.token(management.id, management.secret, `${this.issuer}api/v2/`);
    await this.#send(`api/v2/resource-servers/${encodeURIComponent(audience)}`, {
      method: 'PATCH',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ signing_alg: algorithm }),
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server[Symbol.asyncDispose]();
    await rm(this.folder, { recursive: true, force: true });
  }

  async #send(path: string, init: RequestInit): Promise<unknown> {
    const response = await fetch(`http://127.0.0.1:${this.port}/${path}`, init);
    if (!response.ok) throw new Error(`The issuer answered ${response.status}: ${await response.text()}`);
    return response.json();
  }
}
