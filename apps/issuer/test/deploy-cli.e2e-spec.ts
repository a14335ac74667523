import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '@countersign/testing';
import { RunningIssuer, type ManagementCall } from './support/running-issuer.js';

const run = promisify(execFile);

/** The entry of an auth0-deploy-cli that is there already; without one, npm fetches it. */
const installed = process.env['AUTH0_DEPLOY_CLI'];
const command = installed ? [process.execPath, installed] : ['npx', '-y', 'auth0-deploy-cli@8.44.0'];

const identifier = 'https://library.example';

/** A tenant as people keep it in Git. */
const tenant = `
resourceServers:
  - name: Library
    identifier: ${identifier}
    scopes:
      - { value: 'read:books', description: Read }
      - { value: 'write:books', description: Write }
    token_lifetime: 900
    token_dialect: rfc9068_profile
    signing_alg: RS256
clients:
  - name: Reader
    app_type: non_interactive
    grant_types: [client_credentials]
    token_endpoint_auth_method: client_secret_post
clientGrants:
  - client_id: Reader
    audience: ${identifier}
    scope: ['read:books']
actions:
  - name: Plan
    code: ./plan.js
    runtime: node22
    deployed: true
    dependencies: []
    secrets: []
    supported_triggers: [{ id: credentials-exchange, version: v2 }]
triggers:
  credentials-exchange:
    - action_name: Plan
      display_name: Plan
`;

const plan = `exports.onExecuteCredentialsExchange = async (event, api) => {
  api.accessToken.setCustomClaim('https://ns/plan', 'gold');
};
`;

const asked = process.env['CI'] === 'true' || installed !== undefined;
if (!asked) console.warn('skipped: auth0-deploy-cli runs with CI=true, or from where AUTH0_DEPLOY_CLI says');

describe.runIf(asked)('auth0-deploy-cli', () => {
  let issuer: RunningIssuer;
  let manage: ManagementCall;
  let port: number;
  let home: string;

  beforeAll(async () => {
    port = await freePort();
    const env = {
      ISSUER_URL: `https://localhost:${port}/`,
      ISSUER_TLS: 'self-signed',
      ISSUER_TLS_PORT: String(port),
    };
    issuer = await RunningIssuer.start({ env });
    const { body } = await issuer.token('issuer-management', { audience: `${env.ISSUER_URL}api/v2/` });
    manage = issuer.managementWith(body.access_token);
    home = join(issuer.folder, 'deploy');
    mkdirSync(join(home, 'tenant'), { recursive: true });
    writeFileSync(join(home, 'tenant', 'tenant.yaml'), tenant);
    writeFileSync(join(home, 'tenant', 'plan.js'), plan);
  });
  afterAll(() => issuer.dispose());

  const cli = (...args: string[]) =>
    run(command[0]!, [...command.slice(1), ...args], {
      cwd: home,
      timeout: 180_000,
      env: {
        ...process.env,
        NODE_EXTRA_CA_CERTS: `${issuer.dataDir}/tls/ca.crt`,
        AUTH0_DOMAIN: `localhost:${port}`,
        AUTH0_CLIENT_ID: 'issuer-management',
        AUTH0_CLIENT_SECRET: issuer.secret('issuer-management'),
        AUTH0_INCLUDED_ONLY: '["resourceServers","clients","clientGrants","actions","triggers"]',
        AUTH0_ALLOW_DELETE: 'false',
      },
    });
  const imported = (folder: string) => cli('import', '--input_file', join(folder, 'tenant.yaml'));
  async function exported(folder: string): Promise<string> {
    mkdirSync(join(home, folder));
    await cli('export', '--format', 'yaml', '--output_folder', folder);
    return readFileSync(join(home, folder, 'tenant.yaml'), 'utf8');
  }

  it(
    'imports a tenant, imports it again without a change, exports it, and imports the export',
    { timeout: 600_000 },
    async () => {
      await imported('tenant');
      const { body } = await manage('GET', 'api/v2/clients');
      const reader = (body as { client_id: string; name: string }[]).find(({ name }) => name === 'Reader')!;
      const rotated = await manage('POST', `api/v2/clients/${reader.client_id}/rotate-secret`);
      const { client_secret } = rotated.body as { client_secret: string };
      const ask = async () => {
        const answer = await issuer.token(reader.client_id, { client_secret, audience: identifier });
        return decodeJwt(answer.body.access_token);
      };
      expect(await ask()).toMatchObject({ scope: 'read:books', 'https://ns/plan': 'gold' });

      const first = await exported('first');
      expect(first).toContain('Reader');
      await imported('tenant');
      expect(await exported('second')).toBe(first);

      cpSync(join(home, 'first'), join(home, 'copy'), { recursive: true });
      expect(readdirSync(join(home, 'copy'))).toContain('tenant.yaml');
      await imported('copy');
      expect(await exported('third')).toBe(first);
      expect(await ask()).toMatchObject({ scope: 'read:books', 'https://ns/plan': 'gold' });
    },
  );
});
