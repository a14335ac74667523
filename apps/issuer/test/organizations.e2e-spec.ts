import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stockAudience } from './support/contracts.js';
import { RunningIssuer, type ManagementCall } from './support/running-issuer.js';

describe('a token for an organization', () => {
  let issuer: RunningIssuer;
  let manage: ManagementCall;
  let grant: string;
  let acme: string;

  beforeAll(async () => {
    issuer = await RunningIssuer.start();
    manage = await issuer.management();
    const grants = await manage('GET', 'api/v2/client-grants?client_id=shop');
    grant = (grants.body as { id: string; audience: string }[]).find(
      ({ audience }) => audience === stockAudience,
    )!.id;
    const created = await manage('POST', 'api/v2/organizations', { name: 'acme', display_name: 'ACME' });
    expect(created).toMatchObject({ status: 201, body: { name: 'acme', display_name: 'ACME' } });
    acme = (created.body as { id: string }).id;
    await manage('POST', 'api/v2/organizations', { name: 'other' });
  });
  afterAll(() => issuer.dispose());

  const ask = (organization?: string) => issuer.token('shop', { audience: stockAudience, organization });
  const usage = (organization_usage: string, allow_any_organization = false) =>
    manage('PATCH', `api/v2/client-grants/${grant}`, { organization_usage, allow_any_organization });

  it('is refused where the grant is not for organizations', async () => {
    expect((await ask()).status).toBe(200);
    expect(await ask('acme')).toMatchObject({ status: 403, body: { error: 'access_denied' } });
  });

  it('names the organization, asked for by its id or by its name', async () => {
    await usage('allow');
    expect((await ask('acme')).status).toBe(403);
    expect(
      (await manage('POST', `api/v2/organizations/${acme}/client-grants`, { grant_id: grant })).status,
    ).toBe(201);
    for (const organization of [acme, 'acme']) {
      const { body } = await ask(organization);
      expect(decodeJwt(body.access_token)).toMatchObject({ org_id: acme, org_name: 'acme' });
    }
    expect(decodeJwt((await ask()).body.access_token)).not.toHaveProperty('org_id');
    expect((await ask('other')).status).toBe(403);
    expect((await ask('nobody')).body.error_description).toBe('The organization does not exist: nobody');
  });

  it('is seen as one by Actions', async () => {
    mkdirSync(join(issuer.folder, 'actions'));
    const code = `exports.onExecuteCredentialsExchange = async ({ organization }, api) =>
      api.accessToken.setCustomClaim('seen', organization ?? 'none');`;
    writeFileSync(join(issuer.folder, 'actions', 'see.js'), code);
    const seen = async (organization?: string) =>
      decodeJwt((await ask(organization)).body.access_token)['seen'];
    expect([await seen('acme'), await seen()]).toEqual([{ id: acme, name: 'acme' }, 'none']);
    rmSync(join(issuer.folder, 'actions'), { recursive: true });
  });

  it('is for any organization where the grant says so', async () => {
    await usage('allow', true);
    expect((await ask('other')).status).toBe(200);
  });

  it('must be for one where the grant says so', async () => {
    await usage('require');
    expect((await ask('acme')).status).toBe(200);
    expect(await ask()).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
  });

  it('is no longer issued when the grant covers the organization no more', async () => {
    expect(await manage('GET', `api/v2/organizations/${acme}/client-grants`)).toMatchObject({
      body: [{ id: grant, organization_usage: 'require' }],
    });
    await manage('DELETE', `api/v2/organizations/${acme}/client-grants/${grant}`);
    expect((await ask('acme')).status).toBe(403);
  });

  it.each([
    ['a name that is taken', () => manage('POST', 'api/v2/organizations', { name: 'acme' }), 409, 'conflict'],
    [
      'a name that is none',
      () => manage('POST', 'api/v2/organizations', { name: 'A B' }),
      400,
      'invalid_body',
    ],
    ['an unknown one', () => manage('GET', 'api/v2/organizations/org_x'), 404, 'inexistent_organization'],
  ])('is preceded by an organization: %s is refused', async (_name, send, status, errorCode) => {
    expect(await send()).toMatchObject({ status, body: { errorCode } });
  });
});
