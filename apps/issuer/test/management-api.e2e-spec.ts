import { X509Certificate } from 'node:crypto';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stockAudience } from './support/contracts.js';
import { RunningIssuer } from './support/running-issuer.js';

describe('the management API', () => {
  let issuer: RunningIssuer;
  let token: string;

  beforeAll(async () => {
    issuer = await RunningIssuer.start();
    token = await managementToken();
  });
  afterAll(() => issuer.dispose());

  async function managementToken(scope?: string): Promise<string> {
    const { body } = await issuer.token('issuer-management', { audience: `${issuer.url}api/v2/`, scope });
    return body.access_token;
  }

  async function call(method: string, path: string, body?: object, bearer: string | undefined = token) {
    const response = await fetch(`${issuer.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${bearer}`, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: (text ? JSON.parse(text) : undefined) as never };
  }

  it('configures an API, a client and a grant, and the next token follows it', async () => {
    const identifier = 'https://books.example/api';
    const api = await call('POST', 'api/v2/resource-servers', {
      name: 'Books',
      identifier,
      scopes: [{ value: 'read:books', description: 'Read' }, { value: 'write:books' }],
      token_lifetime: 120,
      token_dialect: 'rfc9068_profile_authz',
      signing_alg: 'ES256',
    });
    expect(api).toMatchObject({ status: 201, body: { identifier, token_lifetime: 120 } });
    const client = await call('POST', 'api/v2/clients', { name: 'Reader', app_type: 'non_interactive' });
    expect(client.status).toBe(201);
    const { client_id, client_secret } = client.body as { client_id: string; client_secret: string };
    const ask = () => issuer.token(client_id, { client_secret, audience: identifier });
    expect((await ask()).status).toBe(403);

    const grant = await call('POST', 'api/v2/client-grants', {
      client_id,
      audience: identifier,
      scope: ['read:books'],
    });
    expect(grant).toMatchObject({ status: 201, body: { id: expect.stringMatching(/^cgr_/) as string } });
    const { status, body } = await ask();
    expect(status).toBe(200);
    expect(decodeJwt(body.access_token)).toMatchObject({
      aud: identifier,
      client_id,
      scope: 'read:books',
      permissions: ['read:books'],
    });

    const { id } = grant.body as { id: string };
    expect((await call('PATCH', `api/v2/client-grants/${id}`, { scope: ['write:books'] })).status).toBe(200);
    expect((await ask()).body.scope).toBe('write:books');
    expect((await call('DELETE', `api/v2/client-grants/${id}`)).status).toBe(204);
    expect((await ask()).body.error).toBe('access_denied');
    expect((await call('DELETE', `api/v2/clients/${client_id}`)).status).toBe(204);
    expect((await ask()).status).toBe(401);
    expect((await call('DELETE', `api/v2/resource-servers/${encodeURIComponent(identifier)}`)).status).toBe(
      204,
    );
  });

  it('lists as Auth0 does: an array, with totals, or from a checkpoint', async () => {
    const { body: bare } = await call('GET', 'api/v2/clients');
    expect(bare).toBeInstanceOf(Array);
    const { body: totals } = await call('GET', 'api/v2/clients?include_totals=true&per_page=1&page=1');
    expect(totals).toMatchObject({ start: 1, limit: 1, total: (bare as unknown[]).length });
    const { body: first } = await call('GET', 'api/v2/client-grants?take=1');
    const { next, client_grants } = first as { next: string; client_grants: { id: string }[] };
    expect(client_grants).toHaveLength(1);
    const { body: second } = await call('GET', `api/v2/client-grants?take=1&from=${next}`);
    expect((second as { client_grants: { id: string }[] }).client_grants[0]?.id).not.toBe(
      client_grants[0]?.id,
    );
  });

  it('finds an API by its identifier', async () => {
    const path = `api/v2/resource-servers/${encodeURIComponent(stockAudience)}`;
    expect(await call('GET', path)).toMatchObject({
      status: 200,
      body: { identifier: stockAudience, name: 'stock' },
    });
  });

  it('keeps what a person changed across a restart, and shows it as drift', async () => {
    const { body } = await call('GET', 'api/v2/client-grants?client_id=sales');
    const [grant] = body as unknown as { id: string }[];
    await call('PATCH', `api/v2/client-grants/${grant!.id}`, { scope: ['read:stock', 'write:stock'] });
    await issuer.stop();
    await issuer.boot();
    expect((await issuer.token('sales', { audience: stockAudience })).body.scope).toBe(
      'read:stock write:stock',
    );
    expect(await call('GET', 'drift')).toMatchObject({
      status: 200,
      body: { drift: [{ kind: 'grant', key: `sales → ${stockAudience}`, difference: 'changed' }] },
    });
  });

  it('takes a request that changes nothing for no change, even of what is its own', async () => {
    const { body: before } = await call('GET', 'drift');
    const stock = `api/v2/resource-servers/${encodeURIComponent(stockAudience)}`;
    const own = encodeURIComponent(`${issuer.url}api/v2/`);
    const { body: api } = await call('GET', stock);
    expect((await call('PATCH', stock, api)).status).toBe(200);
    expect((await call('PATCH', 'api/v2/clients/shop', { name: 'shop' })).status).toBe(200);
    expect((await call('PATCH', `api/v2/resource-servers/${own}`, { token_lifetime: 86_400 })).status).toBe(
      200,
    );
    expect((await call('PATCH', `api/v2/resource-servers/${own}`, { token_lifetime: 1 })).status).toBe(403);
    expect((await call('PATCH', 'api/v2/clients/issuer-management', { name: 'Management' })).status).toBe(
      200,
    );
    expect((await call('PATCH', 'api/v2/clients/issuer-management', { name: 'Mine' })).status).toBe(403);
    expect((await call('GET', 'drift')).body).toEqual(before);
    const { changed } = await issuer.parts.store.db
      .selectFrom('apis')
      .select('changed')
      .where('identifier', '=', stockAudience)
      .executeTakeFirstOrThrow();
    expect(changed).toBe(0);
  });

  it('rotates and revokes signing keys', async () => {
    const before = decodeKid(await managementToken());
    expect((await call('POST', 'api/v2/keys/signing/rotate')).status).toBe(200);
    const fresh = await managementToken();
    expect(decodeKid(fresh)).not.toBe(before);
    expect((await call('PUT', `api/v2/keys/signing/${before}/revoke`, undefined, fresh)).status).toBe(200);
    const { keys } = (await (await fetch(`${issuer.url}.well-known/jwks.json`)).json()) as {
      keys: { kid: string }[];
    };
    expect(keys.map(({ kid }) => kid)).not.toContain(before);
    token = fresh;
  });

  it('shows each signing key with a certificate of its own', async () => {
    const { body } = await call('GET', 'api/v2/keys/signing');
    const [key] = (body as { kid: string; cert: string; alg: string; current: boolean }[]).filter(
      ({ alg, current }) => current && alg === 'RS256',
    );
    const certificate = new X509Certificate(key!.cert);
    const {
      kid,
      alg: _alg,
      kty,
      use,
      ...publicJwk
    } = (
      (await (await fetch(`${issuer.url}.well-known/jwks.json`)).json()) as { keys: Record<string, string>[] }
    ).keys.find((each) => each['kid'] === key!.kid)!;
    expect([kid, kty, use]).toEqual([key!.kid, 'RSA', 'sig']);
    expect(certificate.publicKey.export({ format: 'jwk' })).toMatchObject(publicJwk);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(await call('GET', `api/v2/keys/signing/${kid}`)).toMatchObject({ body: { cert: key!.cert } });
    expect(JSON.stringify(body)).not.toContain('"d"');
  });

  it('pages through the events', async () => {
    const { body } = await call('GET', 'events?take=1&type=token_issued');
    const { events, next } = body as { events: { type: string }[]; next: string };
    expect(events).toMatchObject([{ type: 'token_issued' }]);
    expect((await call('GET', `events?take=1&from=${next}`)).status).toBe(200);
  });

  it.each<[string, () => Promise<{ status: number; body: never }>, number, string]>([
    ['an unknown client', () => call('GET', 'api/v2/clients/nobody'), 404, 'inexistent_client'],
    ['an unknown grant', () => call('DELETE', 'api/v2/client-grants/cgr_x'), 404, 'inexistent_client_grant'],
    [
      'a second API of one identifier',
      () => call('POST', 'api/v2/resource-servers', { identifier: stockAudience }),
      409,
      'conflict',
    ],
    [
      'an API without an identifier',
      () => call('POST', 'api/v2/resource-servers', { name: 'x' }),
      400,
      'invalid_body',
    ],
    [
      'a grant of a scope that the API has not',
      () =>
        call('POST', 'api/v2/client-grants', {
          client_id: 'stock',
          audience: stockAudience,
          scope: ['admin'],
        }),
      400,
      'invalid_body',
    ],
    [
      'a change of the management client',
      () => call('DELETE', 'api/v2/clients/issuer-management'),
      403,
      'operation_not_supported',
    ],
    [
      'a new secret of the management client, which would make its holder that client',
      async () =>
        call(
          'POST',
          'api/v2/clients/issuer-management/rotate-secret',
          undefined,
          await managementToken('update:client_keys'),
        ),
      403,
      'operation_not_supported',
    ],
    [
      'a token without the scope',
      async () => call('GET', 'api/v2/clients', undefined, await managementToken('read:client_grants')),
      403,
      'insufficient_scope',
    ],
    [
      'a token for another API',
      async () =>
        call(
          'GET',
          'api/v2/clients',
          undefined,
          (await issuer.token('shop', { audience: stockAudience })).body.access_token,
        ),
      401,
      'audience_mismatch',
    ],
  ])('refuses %s', async (_name, send, status, errorCode) => {
    expect(await send()).toMatchObject({ status, body: { statusCode: status, errorCode } });
  });
});

const decodeKid = (jwt: string): string =>
  (JSON.parse(Buffer.from(jwt.split('.')[0]!, 'base64url').toString()) as { kid: string }).kid;
