import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The apps that a run generated in a copy of the workspace, as their user changes and calls them. */
export class GeneratedApps {
  #workspace;
  #ports;

  /**
   * @param {string} workspace absolute path of the copy
   * @param {Record<string, number>} ports where each service listens, and the issuer
   */
  constructor(workspace, ports) {
    this.#workspace = workspace;
    this.#ports = ports;
  }

  contractOf(app) {
    return JSON.parse(readFileSync(join(this.#workspace, 'apps', app, 'contract.json'), 'utf8'));
  }

  /** Adds a route `/calling` that calls a connection, as a user would write it. */
  addCallingRoute(app, callee, scope, className) {
    const folder = join(this.#workspace, 'apps', app, 'src/app');
    mkdirSync(join(folder, 'calling'), { recursive: true });
    writeFileSync(
      join(folder, 'calling/calling.controller.ts'),
      `import { RequireScopes } from '@countersign/guards';
import { Controller, Get } from '@nestjs/common';
import { ${className}Client } from '../../connections/${callee}/${callee}.client.js';

@Controller('calling')
export class CallingController {
  constructor(private readonly client: ${className}Client) {}

  @Get()
  @RequireScopes('${scope}')
  async call() {
    return { items: await this.client.list() };
  }
}
`,
    );
    const file = join(folder, 'app.module.ts');
    const text = readFileSync(file, 'utf8');
    const wired = text
      .replace('module: AppModule,', 'module: AppModule,\n      controllers: [CallingController],')
      .replace(
        /(import \{ Module)/,
        "import { CallingController } from './calling/calling.controller.js';\n$1",
      );
    assert.notEqual(wired, text);
    writeFileSync(file, wired);
  }

  /** Calls a running service with a token of a client. */
  async call(client, app, path, init = {}) {
    const token = await this.#tokenFor(client, this.contractOf(app).audience);
    const response = await fetch(`http://127.0.0.1:${this.#ports[app]}${path}`, {
      ...init,
      headers: { authorization: `Bearer ${token}`, ...init.headers },
      signal: AbortSignal.timeout(20_000),
    });
    return { status: response.status, body: await response.json() };
  }

  /** A token of the running issuer. */
  async #tokenFor(client, audience) {
    const secret = readFileSync(join(this.#workspace, '.countersign/secrets', client), 'utf8').trim();
    const response = await fetch(`http://localhost:${this.#ports.issuer}/oauth/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        grant_type: 'client_credentials',
        client_id: client,
        client_secret: secret,
        audience,
      }),
      signal: AbortSignal.timeout(20_000),
    });
    assert.equal(response.status, 200);
    return (await response.json()).access_token;
  }
}
