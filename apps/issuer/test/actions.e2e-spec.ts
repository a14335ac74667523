import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeJwt } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { stockAudience } from './support/contracts.js';
import { RunningIssuer } from './support/running-issuer.js';

describe('Actions', () => {
  let issuer: RunningIssuer;
  beforeAll(async () => (issuer = await RunningIssuer.start()));
  afterAll(() => issuer.dispose());

  const folder = () => join(issuer.folder, 'actions');
  const ask = (parameters: Record<string, string> = {}) =>
    issuer.token('shop', { audience: stockAudience, ...parameters });
  const claims = async () => decodeJwt((await ask()).body.access_token);

  describe('of a folder', () => {
    function write(code: string, name = 'mine.js'): void {
      mkdirSync(folder(), { recursive: true });
      writeFileSync(join(folder(), name), code);
    }
    const handler = (code: string) =>
      `exports.onExecuteCredentialsExchange = async (event, api) => {${code}};`;
    afterEach(() => rmSync(folder(), { recursive: true, force: true }));

    it('shape the token, and an edit shows in the next one', async () => {
      write(handler(`api.accessToken.setCustomClaim('https://ns/plan', 'gold');`));
      expect(await claims()).toMatchObject({ sub: 'shop@clients', 'https://ns/plan': 'gold' });
      write(handler(`api.accessToken.setCustomClaim('https://ns/plan', 'silver');`));
      expect(await claims()).toMatchObject({ 'https://ns/plan': 'silver' });
      rmSync(folder(), { recursive: true });
      expect(await claims()).not.toHaveProperty('https://ns/plan');
    });

    it('read who asks for what, and no secret of the client', async () => {
      write(handler(`api.accessToken.setCustomClaim('event', event);`));
      const { body } = await ask({ scope: 'read:stock' });
      const { event } = decodeJwt(body.access_token) as { event: object };
      expect(event).toMatchObject({
        client: { client_id: 'shop', name: 'shop' },
        resource_server: { identifier: stockAudience },
        request: { body: { grant_type: 'client_credentials', scope: 'read:stock' }, method: 'POST' },
        accessToken: { customClaims: {}, scope: ['read:stock'] },
        transaction: { requested_scopes: ['read:stock'] },
        tenant: { id: 'localhost' },
      });
      expect(JSON.stringify(event)).not.toContain(issuer.secret('shop'));
    });

    it('choose scopes within the grant, in the answer and in the token', async () => {
      write(handler(`api.transaction.setTargetScopes(['write:stock', 'admin']);`));
      const { body } = await ask();
      expect([body.scope, decodeJwt(body.access_token)['scope']]).toEqual(['write:stock', 'write:stock']);
      write(handler(`api.transaction.clearTargetScopes();`));
      const none = await ask();
      expect(none.status).toBe(200);
      expect(decodeJwt(none.body.access_token)).not.toHaveProperty('scope');
    });

    it('run in the order of their names, a Hook among them', async () => {
      write(handler(`api.accessToken.setCustomClaim('seen', event.accessToken.customClaims);`), '2.js');
      write(
        `module.exports = (client, scope, audience, context, cb) => cb(null, { 'https://ns/a': 1 });`,
        '1.js',
      );
      expect(await claims()).toMatchObject({ 'https://ns/a': 1, seen: { 'https://ns/a': 1 } });
    });

    it('deny, in the words of the Action', async () => {
      write(
        handler(
          `if (event.client.client_id === 'shop') api.access.deny('invalid_request', 'Closed on "Sundays"');`,
        ),
      );
      const { status, body } = await ask();
      expect({ status, body }).toEqual({
        status: 400,
        body: { error: 'invalid_request', error_description: "Closed on 'Sundays'" },
      });
      const [event] = await issuer.parts.events.list({ take: 1 });
      expect(event).toMatchObject({ reason: 'action_denied', detail: "mine.js: Closed on 'Sundays'" });
      expect((await issuer.token('sales', { audience: stockAudience })).status).toBe(200);
    });

    it('fail with a report of what and where, and there is no token', async () => {
      write(handler(`\n  undefined.x;`));
      const { status, body } = await ask();
      expect(status).toBe(500);
      expect(body).toEqual({
        error: 'server_error',
        error_description: expect.stringMatching(
          /^the Action mine\.js failed: TypeError: Cannot read properties of undefined .* at mine\.js:2:\d+$/,
        ) as string,
      });
      const [event] = await issuer.parts.events.list({ take: 1 });
      expect(event).toMatchObject({ reason: 'action_failed', detail: body.error_description });
      write(handler(''));
      expect((await ask()).status).toBe(200);
    });

    it('do not speak in the tokens of the management API', async () => {
      write(
        handler(`api.accessToken.setCustomClaim('https://ns/a', 1); api.transaction.clearTargetScopes();`),
      );
      const { body } = await issuer.token('issuer-management', { audience: `${issuer.url}api/v2/` });
      expect(decodeJwt(body.access_token)).not.toHaveProperty('https://ns/a');
      expect(body.scope).toContain('read:clients');
    });

    it('serve many tokens at once by few processes', async () => {
      write(handler(`api.accessToken.setCustomClaim('https://ns/a', 1);`));
      const answers = await Promise.all(Array.from({ length: 40 }, () => ask()));
      expect(answers.map(({ status }) => status)).toEqual(Array<number>(40).fill(200));
      expect(issuer.parts.actionHosts.size).toBeLessThanOrEqual(8);
    });
  });

  describe('of the management API', () => {
    it('run once they are deployed and bound, with their secrets, until they are unbound', async () => {
      const manage = await issuer.management();
      const created = await manage('POST', 'api/v2/actions/actions', {
        name: 'Plan',
        supported_triggers: [{ id: 'credentials-exchange', version: 'v2' }],
        code: `exports.onExecuteCredentialsExchange = async (event, api) => {
          api.accessToken.setCustomClaim('https://ns/plan', event.secrets.plan);
        };`,
        secrets: [{ name: 'plan', value: 'gold' }],
        dependencies: [],
        runtime: 'node22',
      });
      expect(created).toMatchObject({ status: 201, body: { name: 'Plan', secrets: [{ name: 'plan' }] } });
      expect(JSON.stringify(created.body)).not.toContain('gold');
      const { id } = created.body as { id: string };
      const bind = (bindings: object[]) =>
        manage('PATCH', 'api/v2/actions/triggers/credentials-exchange/bindings', { bindings });
      const bindings = [{ ref: { type: 'action_name', value: 'Plan' }, display_name: 'Plan' }];
      expect(await bind(bindings)).toMatchObject({ status: 400, body: { errorCode: 'invalid_body' } });

      expect(await manage('POST', `api/v2/actions/actions/${id}/deploy`)).toMatchObject({
        status: 202,
        body: { number: 1, deployed: true },
      });
      expect(await claims()).not.toHaveProperty('https://ns/plan');
      expect(await bind(bindings)).toMatchObject({
        status: 200,
        body: { bindings: [{ display_name: 'Plan' }] },
      });
      expect(await claims()).toMatchObject({ 'https://ns/plan': 'gold' });

      await manage('PATCH', `api/v2/actions/actions/${id}`, { secrets: [{ name: 'plan', value: 'silver' }] });
      expect(await claims()).toMatchObject({ 'https://ns/plan': 'gold' });
      await manage('POST', `api/v2/actions/actions/${id}/deploy`);
      expect(await claims()).toMatchObject({ 'https://ns/plan': 'silver' });
      expect(await manage('GET', 'api/v2/actions/actions?deployed=true')).toMatchObject({
        body: { total: 1, page: 0, actions: [{ name: 'Plan', all_changes_deployed: true }] },
      });

      expect((await manage('DELETE', `api/v2/actions/actions/${id}`)).status).toBe(409);
      await bind([]);
      expect(await claims()).not.toHaveProperty('https://ns/plan');
      expect((await manage('DELETE', `api/v2/actions/actions/${id}`)).status).toBe(204);
      expect((await manage('GET', `api/v2/actions/actions/${id}`)).status).toBe(404);
    });
  });
});
