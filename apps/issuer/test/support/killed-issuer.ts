import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { callerOf, freePort, startProcess, type Caller, type RunningProcess } from '@countersign/testing';
import { writeContracts } from './contracts.js';

/** A client that the issuer has acknowledged, with the secret that it was given. */
export interface Acknowledged {
  readonly client_id: string;
  readonly client_secret: string;
}

/** The issuer as it is built, killed with SIGKILL while it writes, again and again on one data folder. */
export class KilledIssuer {
  readonly #folder = mkdtempSync(join(tmpdir(), 'killed-'));
  readonly #dataDir = join(this.#folder, 'data');
  #process!: RunningProcess;

  private constructor(private readonly port: number) {
    writeContracts(this.#folder);
  }

  static async create(): Promise<KilledIssuer> {
    return new KilledIssuer(await freePort());
  }

  async start(): Promise<void> {
    this.#process = await startProcess({
      entry: new URL('../../dist/main.js', import.meta.url),
      port: this.port,
      env: {
        ISSUER_URL: `http://localhost:${this.port}/`,
        ISSUER_DATA_DIR: this.#dataDir,
        ISSUER_CONTRACTS: this.#folder,
        LOG_LEVEL: 'warn',
      },
    });
  }

  /**
   * Creates clients and rotates keys, several requests at once, until the process is killed amid them.
   *
   * @param count how many clients are acknowledged before that
   */
  async writeUntilKilled(count: number): Promise<Acknowledged[]> {
    const call = await this.caller();
    const acknowledged: Acknowledged[] = [];
    const write = async (method: 'POST', path: string, body?: object) => {
      while (this.#process.ended === undefined) {
        const answer = await call(method, path, { ...(body && { body }) }).catch(() => undefined);
        if (answer?.status === 201) acknowledged.push(answer.body as Acknowledged);
        if (acknowledged.length >= count) this.#process.kill('SIGKILL');
      }
    };
    await Promise.all([
      write('POST', '/api/v2/clients', { name: 'one' }),
      write('POST', '/api/v2/clients', { name: 'other' }),
      write('POST', '/api/v2/keys/signing/rotate'),
    ]);
    await this.#process.exit;
    return acknowledged;
  }

  /** Calls the management API. */
  async caller(): Promise<Caller> {
    const { access_token } = await this.token({
      client_id: 'issuer-management',
      client_secret: readFileSync(join(this.#dataDir, 'secrets', 'issuer-management'), 'utf8').trim(),
      audience: `http://localhost:${this.port}/api/v2/`,
    });
    const call = callerOf(this.#process.url);
    return (method, path, options) => call(method, path, { token: access_token!, ...options });
  }

  async token(
    parameters: Record<string, string>,
  ): Promise<{ access_token?: string; error_description?: string }> {
    const body = { grant_type: 'client_credentials', ...parameters };
    const answer = await callerOf(this.#process.url)('POST', '/oauth/token', { body });
    return answer.body as { access_token?: string };
  }

  async dispose(): Promise<void> {
    await this.#process.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
