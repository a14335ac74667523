import { Controller, Get, type Type } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  AccessTokenVerifier,
  authManifest,
  CallerIs,
  explainToken,
  MemoryDenylist,
  type ProtectedRequirement,
  routeRegistry,
} from '../src/index.js';
import { formatRequirement } from '../src/lib/cli/format-explanation.js';
import { secureDocument } from '../src/openapi.js';
import { appModule, bearer, createApp, type RunningApp, startApp } from './support/app.js';
import { AUDIENCE, TestIssuer } from './support/issuer.js';

const clientId = 'inventory';
const denylist = new MemoryDenylist();
let ours: TestIssuer;
let partner: TestIssuer;
let app: RunningApp;

/** Decorators name issuers before those listen. */
function controller(decorator: ReturnType<typeof CallerIs>, onClass = decorator): Type {
  @Controller('fulfilments')
  @onClass
  class FulfilmentsController {
    @Get()
    @decorator
    list() {
      return [];
    }
  }
  return FulfilmentsController;
}

const trusted = (...issuers: TestIssuer[]) => ({
  issuers: issuers.map(({ url }) => ({ issuer: url })),
  audience: AUDIENCE,
  denylist,
});

async function problemsOf(issuers: TestIssuer[], ...decorators: Parameters<typeof controller>) {
  const booted = await createApp('fastify', appModule(trusted(...issuers), [controller(...decorators)]));
  try {
    await booted.init();
    return [];
  } catch (error) {
    return (error as { readonly findings: readonly string[] }).findings;
  } finally {
    await booted.close();
  }
}

beforeAll(async () => {
  [ours, partner] = await Promise.all([TestIssuer.start(), TestIssuer.start()]);
  app = await startApp('fastify', trusted(ours, partner), [
    controller(CallerIs(clientId, { issuer: ours.url })),
  ]);
});
afterAll(async () => {
  await app?.close();
  await Promise.all([ours?.close(), partner?.close()]);
});

describe('@CallerIs() with an issuer', () => {
  const call = async (issuer: TestIssuer) =>
    (await app.get('/fulfilments', bearer(await issuer.mint({ clientId })))).json();

  it('lets the client of that issuer in, and not its namesake at another', async () => {
    expect(await call(ours)).toEqual([]);
    expect(await call(partner)).toMatchObject({ statusCode: 403, code: 'scope_missing' });
    const storefront = await app.get('/fulfilments', bearer(await ours.mint()));
    expect(storefront.status).toBe(403);
  });

  it('shows the issuer in the manifest, in OpenAPI and in an explanation', async () => {
    const group = { clients: [clientId], issuers: [ours.url] };
    expect(authManifest(app.app)).toEqual({ 'GET /fulfilments': { callers: [group, group] } });

    const document = SwaggerModule.createDocument(app.app, new DocumentBuilder().build());
    const refused = secureDocument(app.app, document).paths['/fulfilments']?.get?.responses['403'];
    expect(refused).toHaveProperty(
      'description',
      expect.stringContaining(`the client inventory of ${ours.url}`),
    );

    const requirement = routeRegistry(app.app)[0]?.requirement as ProtectedRequirement;
    expect(formatRequirement(requirement)).toContain(`the client inventory of ${ours.url}`);
    const verifier = app.app.get(AccessTokenVerifier, { strict: false });
    const explained = await explainToken(verifier, await partner.mint({ clientId }), { requirement });
    expect(explained).toMatchObject({ accepted: false, code: 'scope_missing' });
  });

  it('denies the client of one issuer on the denylist', async () => {
    denylist.denyClient(clientId, { issuer: partner.url });
    expect(await call(ours)).toEqual([]);
    expect(await call(partner)).toMatchObject({ code: 'token_not_active' });
    denylist.denyClient(clientId, { issuer: ours.url });
    expect(await call(ours)).toMatchObject({ code: 'token_not_active' });
  });
});

describe('the boot audit of several issuers', () => {
  const bare = CallerIs(clientId);
  const where = 'FulfilmentsController.list GET /fulfilments';

  it('refuses a client that is named without its issuer, and takes it where there is one issuer', async () => {
    expect(await problemsOf([ours], bare)).toEqual([]);
    expect(await problemsOf([ours, partner], bare)).toContain(
      `${where}: names the client inventory without its issuer, and 2 issuers are trusted: ` +
        "write @CallerIs('inventory', { issuer: '…' })",
    );
  });

  it('takes a client that is the same one at several issuers, said so', async () => {
    const both = CallerIs(clientId, { issuer: [ours.url, partner.url] });
    expect(await problemsOf([ours, partner], both)).toEqual([]);
  });

  it('refuses an issuer that is not trusted', async () => {
    const other = CallerIs(clientId, { issuer: partner.url });
    expect(await problemsOf([ours, partner], other)).toEqual([]);
    expect(await problemsOf([ours], other)).toContain(
      `${where}: names a client of the issuer ${partner.url}, which is not trusted here`,
    );
  });

  it('refuses a route of a class and a handler that name one client of different issuers', async () => {
    const [here, there] = [ours, partner].map(({ url }) => CallerIs(clientId, { issuer: url })) as [
      ReturnType<typeof CallerIs>,
      ReturnType<typeof CallerIs>,
    ];
    expect(await problemsOf([ours, partner], here, here)).toEqual([]);
    expect(await problemsOf([ours, partner], here, there)).toEqual([
      `${where}: allows no client: class and handler name different ones`,
    ]);
    expect(await problemsOf([ours], bare, here)).toEqual([]);
  });
});
