import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort, startProcess } from '@countersign/testing';
import { RunningIssuer } from './support/running-issuer.js';

const run = promisify(execFile);

const identifier = 'https://orders.countersign.example';

/** The official SDK in a process of its own, since `NODE_EXTRA_CA_CERTS` is read at its start. */
const script = `
  import { ManagementClient } from 'auth0';
  const [domain, clientId, clientSecret, identifier] = process.argv.slice(-4);
  const management = new ManagementClient({ domain, clientId, clientSecret });
  const api = await management.resourceServers.create({
    name: 'Orders', identifier, scopes: [{ value: 'read:orders', description: 'Read' }],
  });
  const client = await management.clients.create({ name: 'Reader', app_type: 'non_interactive' });
  const grant = await management.clientGrants.create({ client_id: client.client_id, audience: identifier, scope: ['read:orders'] });
  const names = [];
  for await (const each of await management.clients.list({ per_page: 2 })) names.push(each.name);
  console.log(JSON.stringify({ api: api.identifier, client, grant: grant.id, names }));
`;

describe("the three steps of Auth0's guide, over TLS, through the official SDK", () => {
  let issuer: RunningIssuer;
  let port: number;

  beforeAll(async () => {
    port = await freePort();
    issuer = await RunningIssuer.start({
      contracts: {},
      env: {
        ISSUER_URL: `https://localhost:${port}/`,
        ISSUER_TLS: 'self-signed',
        ISSUER_TLS_PORT: String(port),
      },
    });
  });
  afterAll(() => issuer.dispose());

  const ca = () => readFileSync(`${issuer.dataDir}/tls/ca.crt`, 'utf8');

  function post(
    path: string,
    body: object,
  ): Promise<{ status: number | undefined; body: Record<string, unknown> }> {
    return new Promise((resolve, reject) => {
      const headers = { 'content-type': 'application/json' };
      const outgoing = request(
        `https://localhost:${port}${path}`,
        { method: 'POST', headers, agent: new Agent({ ca: ca() }) },
        (response) => {
          let text = '';
          response.on('data', (chunk: Buffer) => (text += chunk.toString()));
          response.on('end', () =>
            resolve({ status: response.statusCode, body: JSON.parse(text) as Record<string, unknown> }),
          );
        },
      );
      outgoing.on('error', reject).end(JSON.stringify(body));
    });
  }

  it(
    'registers the API and a client, authorises it, and the client calls orders with its token',
    { timeout: 120_000 },
    async () => {
      const { stdout } = await run(
        process.execPath,
        [
          '--input-type=module',
          '-e',
          script,
          '--',
          `localhost:${port}`,
          'issuer-management',
          issuer.secret('issuer-management'),
          identifier,
        ],
        {
          env: { ...process.env, NODE_EXTRA_CA_CERTS: `${issuer.dataDir}/tls/ca.crt` },
          cwd: import.meta.dirname,
          timeout: 30_000,
        },
      );
      const told = JSON.parse(stdout) as {
        api: string;
        client: { client_id: string; client_secret: string };
        grant: string;
        names: string[];
      };
      expect(told).toMatchObject({
        api: identifier,
        grant: expect.stringMatching(/^cgr_/) as string,
      });
      expect(told.names).toEqual(expect.arrayContaining(['Reader', 'Management']));
      const { client_id, client_secret } = told.client;
      const { status, body } = await post('/oauth/token', {
        grant_type: 'client_credentials',
        client_id,
        client_secret,
        audience: told.api,
      });
      expect({ status, scope: body['scope'] }).toEqual({ status: 200, scope: 'read:orders' });

      await using orders = await startProcess({
        entry: new URL('../../orders/dist/main.js', import.meta.url),
        env: {
          AUTH_ISSUER: `https://localhost:${port}/`,
          NODE_EXTRA_CA_CERTS: `${issuer.dataDir}/tls/ca.crt`,
          M2M_CLIENT_ID: client_id,
          M2M_CLIENT_SECRET: client_secret,
          INVENTORY_URL: 'http://127.0.0.1:9',
        },
      });
      const read = (headers: Record<string, string>) => fetch(`${orders.url}/orders`, { headers });
      const answer = await read({ authorization: `Bearer ${String(body['access_token'])}` });
      expect(answer.status).toBe(200);
      expect((await read({})).status).toBe(401);
    },
  );
});
