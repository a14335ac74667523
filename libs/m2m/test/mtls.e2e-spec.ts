import { createHash, X509Certificate } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { LoopbackIssuer } from '@countersign/testing';
import { firstValueFrom } from 'rxjs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { M2mModuleOptions } from '../src/index.js';
import { audience, startApp } from './support/app.js';
import { startAuthority, type TestAuthority, type TestCertificate } from './support/certificates.js';
import { FakeClock } from './support/fake-clock.js';
import { type GuardedCallee, startGuardedCallee } from './support/guarded-callee.js';
import { bodyOf } from './support/http-server.js';
import { codeOf, errorOf, leaksIn } from './support/leaks.js';

const scopes = ['read:stock'];
const thumbprintOf = (pem: string | Buffer) =>
  createHash('sha256').update(new X509Certificate(pem).raw).digest('base64url');

let authority: TestAuthority;
let server: TestCertificate;
let first: TestCertificate;
let second: TestCertificate;
let keys: LoopbackIssuer;
let tokenServer: Server;
let issuerUrl: string;
let metadata: Record<string, unknown>;
let callee: GuardedCallee;
let folder: string;
let seen: { path: string; form: URLSearchParams; thumbprint: string | undefined }[];

/** A token endpoint that knows its clients by their certificates, and binds tokens to them. */
async function startTokenServer(): Promise<void> {
  const tls = { cert: server.certificate, key: server.key, ca: authority.ca, requestCert: true };
  tokenServer = createServer({ ...tls, rejectUnauthorized: false }, (request, response) => {
    void bodyOf(request).then(async (body) => {
      const { raw } = (request.socket as TLSSocket).getPeerCertificate();
      const thumbprint = raw && createHash('sha256').update(raw).digest('base64url');
      const json = (status: number, answer: unknown) =>
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
      if (request.url?.includes('.well-known')) return json(200, { issuer: issuerUrl, ...metadata });
      const form = new URLSearchParams(body);
      seen.push({ path: request.url ?? '', form, thumbprint });
      const authorized = (request.socket as TLSSocket).authorized;
      if (!authorized || form.get('client_id') !== 'orders') return json(401, { error: 'invalid_client' });
      const token = await keys.mint({
        audience,
        scopes,
        clientId: 'orders',
        claims: { cnf: { 'x5t#S256': thumbprint } },
      });
      return json(200, { access_token: token, token_type: 'Bearer', expires_in: 3600 });
    });
  });
  await new Promise<void>((resolve) => tokenServer.listen(0, '127.0.0.1', resolve));
  issuerUrl = `https://127.0.0.1:${(tokenServer.address() as AddressInfo).port}/`;
  metadata = { token_endpoint: `${issuerUrl}oauth/token` };
}

beforeAll(async () => {
  authority = await startAuthority();
  [server, first, second] = (await Promise.all(
    ['server', 'orders', 'orders'].map((name) => authority.issue(name)),
  )) as [TestCertificate, TestCertificate, TestCertificate];
  keys = await LoopbackIssuer.start({ apis: [{ audience, scopes }], clients: [{ clientId: 'orders' }] });
});

beforeEach(async () => {
  seen = [];
  folder = await mkdtemp(join(tmpdir(), 'm2m-mtls-'));
  await startTokenServer();
  await use(first);
  callee = await startGuardedCallee({
    issuer: keys.issuer,
    jwksUri: keys.jwksUri,
    sender: { required: true },
    tls: {
      cert: server.certificate,
      key: server.key,
      ca: authority.ca,
      requestCert: true,
      rejectUnauthorized: false,
    },
  });
});

afterEach(async () => {
  tokenServer.closeAllConnections();
  await new Promise((resolve) => tokenServer.close(resolve));
  await callee.close();
  await rm(folder, { recursive: true });
});

afterAll(() => keys.close());

const file = (name: string) => join(folder, name);
async function use({ certificate, key }: TestCertificate): Promise<void> {
  await writeFile(file('tls.crt'), certificate);
  await writeFile(file('tls.key'), key);
}

const options = (extra: Partial<M2mModuleOptions> = {}): M2mModuleOptions => ({
  service: 'orders',
  issuer: issuerUrl,
  clientId: 'orders',
  provider: 'rfc9068',
  mtls: { certificate: { file: file('tls.crt') }, key: { file: file('tls.key') }, ca: authority.ca },
  connections: { inventory: { baseUrl: callee.url, audience, scopes } },
  ...extra,
});

async function withApp<T>(
  use: (app: Awaited<ReturnType<typeof startApp>>) => Promise<T>,
  extra: Partial<M2mModuleOptions> = {},
): Promise<T> {
  const app = await startApp(options(extra));
  try {
    return await use(app);
  } finally {
    await app.close();
  }
}

const outcomes = () => callee.calls.map(({ outcome }) => outcome);

describe('a client certificate', () => {
  it('authenticates the client and binds its tokens, at the token endpoint and at the callee', async () => {
    await withApp(async (app) => {
      expect((await firstValueFrom(app.http.get('/stock/apple'))).status).toBe(200);
      await firstValueFrom(app.http.post('/reservations', { sku: 'apple' }));
      const response = await app.fetch('/reservations', { method: 'POST', body: 'x' });
      expect([response.status, await response.json()]).toEqual([200, { ok: true }]);
    });
    expect(outcomes()).toEqual(['accepted', 'accepted', 'accepted']);
    expect(
      seen.map(({ form, thumbprint }) => [form.get('client_id'), form.has('client_secret'), thumbprint]),
    ).toEqual([['orders', false, thumbprintOf(first.certificate)]]);
  });

  it('a token that was stolen is refused from a connection without the certificate', async () => {
    await withApp(async (app) => {
      const { value } = await app.tokens.getToken({ audience, scopes });
      await firstValueFrom(app.http.get('/'));
      const { default: axios } = await import('axios');
      const { Agent } = await import('node:https');
      const stolen = axios.create({ httpsAgent: new Agent({ ca: authority.ca }), validateStatus: null });
      await stolen.get(callee.url, { headers: { authorization: `Bearer ${value}` } });
    });
    expect(outcomes()).toEqual(['accepted', 'sender_mismatch certificate_missing']);
  });

  it('is read again when its files change, and tokens follow it without a restart', async () => {
    const clock = new FakeClock();
    await withApp(
      async (app) => {
        await firstValueFrom(app.http.get('/'));
        await use(second);
        await clock.advance(1_001);
        await firstValueFrom(app.http.get('/'));
        await firstValueFrom(app.http.get('/'));
      },
      { clock },
    );
    expect(outcomes()).toEqual(['accepted', 'accepted', 'accepted']);
    expect(seen.map(({ thumbprint }) => thumbprint)).toEqual([
      thumbprintOf(first.certificate),
      thumbprintOf(second.certificate),
    ]);
  });

  it('stays in use while its files are half written', async () => {
    const clock = new FakeClock();
    await withApp(
      async (app) => {
        await firstValueFrom(app.http.get('/'));
        await writeFile(file('tls.crt'), second.certificate);
        await clock.advance(1_001);
        expect((await firstValueFrom(app.http.get('/'))).status).toBe(200);
        await writeFile(file('tls.key'), second.key);
        await clock.advance(1_001);
        expect((await firstValueFrom(app.http.get('/'))).status).toBe(200);
      },
      { clock },
    );
    expect(seen).toHaveLength(2);
  });

  it('goes to the token endpoint that the metadata names for certificates', async () => {
    metadata = {
      token_endpoint: 'https://127.0.0.1:1/never',
      mtls_endpoint_aliases: { token_endpoint: `${issuerUrl}mtls/token` },
    };
    await withApp((app) => app.tokens.getToken({ audience, scopes }));
    expect(seen.map(({ path }) => path)).toEqual(['/mtls/token']);
  });

  it.each([
    ['is missing', { file: '/does/not/exist' }, '/does/not/exist'],
    ['is no certificate', 'nothing', 'no PEM certificate'],
  ])('that %s is client_rejected, and the message says so', async (_name, certificate, says) => {
    const mtls = { certificate, key: { file: file('tls.key') }, ca: authority.ca };
    const error = await withApp((app) => errorOf(app.tokens.getToken({ audience, scopes })), { mtls });
    expect([error.code, error.message.includes(says)]).toEqual(['client_rejected', true]);
    expect(leaksIn(error, [first.key])).toEqual([]);
    expect(await withApp((app) => codeOf(app.tokens.getToken({ audience, scopes })))).toBeUndefined();
  });

  it('a server that another authority vouches for is not told anything', async () => {
    const mtls = { certificate: first.certificate, key: first.key, ca: (await startAuthority()).ca };
    const error = await withApp((app) => errorOf(app.tokens.getToken({ audience, scopes })), { mtls });
    expect([error.code, error.message.includes('SIGNATURE')]).toEqual(['issuer_unreachable', true]);
    expect(seen).toEqual([]);
  });

  it.each(['tls_client_auth', 'self_signed_tls_client_auth'] as const)(
    'is what %s stands for',
    async (method) => {
      await withApp((app) => app.tokens.getToken({ audience, scopes }), { clientAuthentication: method });
      expect(seen[0]?.form.has('client_secret')).toBe(false);
    },
  );

  it('beside a secret it only binds', async () => {
    await withApp((app) => app.tokens.getToken({ audience, scopes }), {
      clientSecret: 'secret-of-orders-0123456789abcdef',
      clientAuthentication: 'client_secret_post',
    });
    expect(seen[0]?.form.get('client_secret')).toBe('secret-of-orders-0123456789abcdef');
    expect(seen[0]?.thumbprint).toBe(thumbprintOf(first.certificate));
  });

  it('with plain http addresses stops the boot, and every one is named', async () => {
    const error = await errorOf(
      startApp(
        options({
          issuer: 'http://127.0.0.1:4100/',
          connections: { inventory: { baseUrl: 'http://127.0.0.1:4102', audience } },
        }),
      ),
    );
    expect(error).toMatchObject({
      code: 'options_invalid',
      problems: [
        'issuer must be an https URL: mtls presents the client certificate there.',
        'connections.inventory.baseUrl must be an https URL: mtls presents the client certificate there.',
      ],
    });
  });

  it('that takes for ever to come is waited for no longer than the caller waits', async () => {
    const mtls = { certificate: () => new Promise<string>(() => undefined), key: first.key };
    await withApp(
      async (app) => {
        const signal = AbortSignal.timeout(50);
        expect(await codeOf(app.tokens.getToken({ audience, scopes, signal }))).toBe('deadline_exceeded');
        expect(await codeOf(firstValueFrom(app.http.get('/', { timeout: 50 })))).toBe('deadline_exceeded');
      },
      { mtls },
    );
  });

  it.each([
    [
      { clientAuthentication: 'client_secret_basic' },
      'clientAuthentication client_secret_basic needs clientSecret.',
    ],
    [
      { clientAuthentication: 'none' },
      'clientAuthentication must be one of client_secret_post, client_secret_basic, tls_client_auth, self_signed_tls_client_auth.',
    ],
  ])('%o without a secret stops the boot', async (extra, problem) => {
    const error = await errorOf(startApp(options(extra as Partial<M2mModuleOptions>)));
    expect(error).toMatchObject({ problems: [problem] });
  });

  it('tls_client_auth without a certificate stops the boot', async () => {
    const { mtls: _, ...without } = options({ clientAuthentication: 'tls_client_auth' });
    expect(await errorOf(startApp(without))).toMatchObject({
      problems: ['clientAuthentication tls_client_auth needs mtls: the certificate and its key.'],
    });
  });
});
