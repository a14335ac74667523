import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createService } from '@countersign/bootstrap';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort, rememberSecret, testLogLevel } from '@countersign/testing';
import type { INestApplication } from '@nestjs/common';
import { Issuer } from '../../src/issuer.js';
import { issuerService } from '../../src/issuer.service.js';
import { contracts, writeContracts } from './contracts.js';
import type { TestStore } from './stores.js';

/** An answer of the token endpoint. */
export interface TokenAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: {
    access_token: string;
    token_type: string;
    expires_in: number;
    scope?: string;
    error?: string;
    error_description?: string;
  };
}

/** One call of the management API. */
export type ManagementCall = (
  method: string,
  path: string,
  body?: object,
) => Promise<{ readonly status: number; readonly body: unknown }>;

/** The issuer, listening on a loopback port, with folders of its own. */
export class RunningIssuer {
  private app!: INestApplication;
  readonly folder = mkdtempSync(join(tmpdir(), 'issuer-'));
  readonly dataDir: string;
  url = '';

  private constructor(
    private readonly store: TestStore | undefined,
    private env: Record<string, string>,
    beside: RunningIssuer | undefined,
  ) {
    this.dataDir = beside?.dataDir ?? join(this.folder, 'data');
  }

  /** @param options.beside shares its data folder; both need one PostgreSQL */
  static async start(
    options: {
      store?: TestStore;
      contracts?: Record<string, object>;
      env?: Record<string, string>;
      beside?: RunningIssuer;
    } = {},
  ): Promise<RunningIssuer> {
    const env = { ...(options.beside && { ISSUER_URL: options.beside.url }), ...options.env };
    const running = new RunningIssuer(options.store, env, options.beside);
    writeContracts(running.folder, options.contracts ?? contracts);
    running.url = `http://localhost:${await freePort()}/`;
    await running.boot();
    return running;
  }

  /** Listens again, on the same port and folders, after {@link RunningIssuer.stop}. */
  async boot(env: Record<string, string> = this.env): Promise<void> {
    const { port } = new URL(this.url);
    this.app = await createService(issuerService, {
      LOG_LEVEL: testLogLevel(),
      PORT: port,
      ISSUER_URL: this.url,
      ISSUER_DATA_DIR: this.dataDir,
      ISSUER_CONTRACTS: this.folder,
      ISSUER_ACTIONS: join(this.folder, 'actions'),
      DATABASE_URL: this.store?.databaseUrl,
      ...env,
    });
    await this.app.listen(Number(port), '127.0.0.1');
  }

  /** The parts of the authorization server that listens. */
  get parts(): Issuer {
    return this.app.get(Issuer);
  }

  /** Stops, and waits until this process's own HTTP client has noticed that its connections are closed. */
  async stop(): Promise<void> {
    await this.app.close();
    await delay(100);
  }

  /** Starts again with another environment, which later starts keep. */
  async reboot(env: Record<string, string>): Promise<void> {
    await this.stop();
    this.env = env;
    await this.boot();
  }

  async dispose(): Promise<void> {
    await this.app.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  secret(client: string): string {
    const secret = readFileSync(join(this.dataDir, 'secrets', client), 'utf8').trim();
    rememberSecret(`secret of ${client}`, secret);
    return secret;
  }

  /** Asks for a token with the client's own secret; `undefined` leaves a parameter out. */
  token(client: string, parameters: Record<string, string | undefined>): Promise<TokenAnswer> {
    const form = {
      grant_type: 'client_credentials',
      client_id: client,
      client_secret: 'client_secret' in parameters ? undefined : this.secret(client),
      ...parameters,
    };
    const entries = Object.entries(form).filter((entry): entry is [string, string] => entry[1] !== undefined);
    return this.post(new URLSearchParams(entries));
  }

  /** Calls the management API as its own client. */
  async management(scope?: string): Promise<ManagementCall> {
    const answer = await this.token('issuer-management', { audience: `${this.url}api/v2/`, scope });
    return this.managementWith(answer.body.access_token);
  }

  /** Calls the management API with a token. */
  managementWith(token: string): ManagementCall {
    return async (method, path, body) => {
      const authorization = `Bearer ${token}`;
      const response = await fetch(`${this.url}${path}`, {
        method,
        headers: { authorization, ...(body && { 'content-type': 'application/json' }) },
        ...(body && { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      return { status: response.status, body: text ? (JSON.parse(text) as unknown) : undefined };
    };
  }

  async post(body: URLSearchParams | string, headers: Record<string, string> = {}): Promise<TokenAnswer> {
    const response = await fetch(`${this.url}oauth/token`, { method: 'POST', body, headers });
    return {
      status: response.status,
      headers: response.headers,
      body: (await response.json()) as TokenAnswer['body'],
    };
  }
}
