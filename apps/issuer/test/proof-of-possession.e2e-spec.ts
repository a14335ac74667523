import 'reflect-metadata';
import {
  createHash,
  generateKeyPairSync,
  KeyObject,
  randomUUID,
  webcrypto,
  X509Certificate,
} from 'node:crypto';
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { X509CertificateGenerator } from '@peculiar/x509';
import { calculateJwkThumbprint, decodeJwt, exportJWK, generateKeyPair, SignJWT, type JWK } from 'jose';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { freePort } from '@countersign/testing';
import { stockAudience } from './support/contracts.js';
import { RunningIssuer, type ManagementCall, type TokenAnswer } from './support/running-issuer.js';

describe('DPoP (RFC 9449)', () => {
  let issuer: RunningIssuer;
  let prove: (claims?: object) => Promise<string>;
  let jwk: JWK;

  beforeAll(async () => {
    issuer = await RunningIssuer.start();
    const pair = await generateKeyPair('ES256', { extractable: true });
    jwk = await exportJWK(pair.publicKey);
    prove = (claims = {}) =>
      new SignJWT({ htm: 'POST', htu: `${issuer.url}oauth/token`, jti: randomUUID(), ...claims })
        .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk })
        .setIssuedAt()
        .sign(pair.privateKey);
  });
  afterAll(() => issuer.dispose());

  async function ask(proof?: string, headers: Record<string, string> = {}): Promise<TokenAnswer> {
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: 'shop',
      client_secret: issuer.secret('shop'),
      audience: stockAudience,
    });
    return issuer.post(form, { ...(proof !== undefined && { dpop: proof }), ...headers });
  }

  it('binds the token to the key of the proof', async () => {
    const { status, body } = await ask(await prove());
    expect({ status, type: body.token_type }).toEqual({ status: 200, type: 'DPoP' });
    expect(decodeJwt(body.access_token)['cnf']).toEqual({ jkt: await calculateJwkThumbprint(jwk) });
    const plain = await ask();
    expect([plain.body.token_type, decodeJwt(plain.body.access_token)['cnf']]).toEqual(['Bearer', undefined]);
  });

  it('takes a proof once', async () => {
    const proof = await prove();
    expect((await ask(proof)).status).toBe(200);
    expect((await ask(proof)).body.error).toBe('invalid_grant');
  });

  it.each<[string, () => Promise<TokenAnswer>]>([
    ['for another address', async () => ask(await prove({ htu: 'https://other.example/oauth/token' }))],
    ['for another method', async () => ask(await prove({ htm: 'GET' }))],
    [
      'for the address that a Host header names',
      async () =>
        ask(await prove({ htu: 'http://evil.example/oauth/token' }), { 'x-forwarded-host': 'evil.example' }),
    ],
    ['that is none', () => ask('a.b.c')],
    ['with a nonce that this server never gave', async () => ask(await prove({ nonce: 'x' }))],
  ])('refuses a proof %s', async (_name, send) => {
    const { status, body } = await send();
    expect(status).toBe(400);
    expect(body.error).toMatch(/^(invalid_dpop_proof|use_dpop_nonce)$/);
  });

  it('is required where the client or the API asks for proof of possession', async () => {
    const manage = await issuer.management();
    const api = `api/v2/resource-servers/${encodeURIComponent(stockAudience)}`;
    await manage('PATCH', 'api/v2/clients/shop', { require_proof_of_possession: true });
    expect((await ask()).body.error).toBe('invalid_request');
    expect((await ask(await prove())).status).toBe(200);
    await manage('PATCH', 'api/v2/clients/shop', { require_proof_of_possession: false });
    expect((await ask()).status).toBe(200);
    await manage('PATCH', api, { proof_of_possession: { mechanism: 'dpop', required: true } });
    expect((await ask()).status).toBe(400);
    await manage('PATCH', api, { proof_of_possession: null });
  });

  it('asks for a nonce where it is told to', async () => {
    const strict = await RunningIssuer.start({ env: { ISSUER_DPOP_NONCE: 'required' } });
    const before = issuer;
    issuer = strict;
    try {
      const first = await ask(await prove());
      expect([first.status, first.body.error]).toEqual([400, 'use_dpop_nonce']);
      const nonce = first.headers.get('dpop-nonce');
      expect((await ask(await prove({ nonce }))).status).toBe(200);
    } finally {
      issuer = before;
      await strict.dispose();
    }
  });
});

describe('a client with a certificate of its own (RFC 8705)', () => {
  let issuer: RunningIssuer;
  let manage: ManagementCall;
  let port: number;
  let own: { cert: string; key: string };
  let other: { cert: string; key: string };
  let clientId: string;

  beforeAll(async () => {
    port = await freePort();
    issuer = await RunningIssuer.start({ env: { ISSUER_TLS: 'self-signed', ISSUER_TLS_PORT: String(port) } });
    manage = await issuer.management();
    [own, other] = await Promise.all([selfSigned('own'), selfSigned('other')]);
    const client = await manage('POST', 'api/v2/clients', {
      name: 'Batch',
      client_authentication_methods: {
        self_signed_tls_client_auth: {
          credentials: [{ credential_type: 'x509_cert', name: 'first', pem: own.cert }],
        },
      },
    });
    expect(client).toMatchObject({
      status: 201,
      body: { token_endpoint_auth_method: 'self_signed_tls_client_auth' },
    });
    clientId = (client.body as { client_id: string }).client_id;
    await manage('POST', 'api/v2/client-grants', {
      client_id: clientId,
      audience: stockAudience,
      scope: ['read:stock'],
    });
  });
  afterAll(() => issuer.dispose());

  function ask(certificate?: {
    cert: string;
    key: string;
  }): Promise<{ status?: number; body: TokenAnswer['body'] }> {
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientId,
      audience: stockAudience,
    });
    return new Promise((resolve, reject) => {
      const outgoing = request(
        `https://localhost:${port}/oauth/token`,
        {
          method: 'POST',
          agent: false,
          ca: readFileSync(`${issuer.dataDir}/tls/ca.crt`),
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
          ...certificate,
        },
        (response) => {
          let text = '';
          response.on('data', (chunk: Buffer) => (text += chunk.toString()));
          response.on('end', () =>
            resolve({ status: response.statusCode!, body: JSON.parse(text) as TokenAnswer['body'] }),
          );
        },
      );
      outgoing.on('error', reject).end(form.toString());
    });
  }

  it('authenticates by it, and its token is bound to it', async () => {
    const { status, body } = await ask(own);
    expect({ status, scope: body.scope }).toEqual({ status: 200, scope: 'read:stock' });
    const thumbprint = createHash('sha256').update(new X509Certificate(own.cert).raw).digest('base64url');
    expect(decodeJwt(body.access_token)['cnf']).toEqual({ 'x5t#S256': thumbprint });
  });

  it.each<[string, () => ReturnType<typeof ask>]>([
    ['another certificate', () => ask(other)],
    ['no certificate', () => ask()],
  ])('is refused with %s', async (_name, send) => {
    expect(await send()).toMatchObject({ status: 401, body: { error: 'access_denied' } });
    expect((await ask(own)).status).toBe(200);
  });

  it('has two certificates during a rotation, and no third', async () => {
    const path = `api/v2/clients/${clientId}/credentials`;
    const add = (pem: string) => manage('POST', path, { credential_type: 'x509_cert', name: 'next', pem });
    const added = await add(other.cert);
    expect(added).toMatchObject({ status: 201, body: { credential_type: 'x509_cert' } });
    const { id } = added.body as { id: string };
    // It counts when the client says that it authenticates by it.
    expect((await ask(other)).status).toBe(401);
    await manage('PATCH', `api/v2/clients/${clientId}`, {
      client_authentication_methods: { self_signed_tls_client_auth: { credentials: [{ id }] } },
    });
    expect([(await ask(other)).status, (await ask(own)).status]).toEqual([200, 401]);
    expect((await add(own.cert)).status).toBe(409);
    expect((await manage('DELETE', `${path}/${id}`)).status).toBe(204);
    expect((await ask(other)).status).toBe(401);
    expect((await manage('GET', path)).body).toHaveLength(1);
  });

  it('has a certificate that ends when its time comes', async () => {
    const path = `api/v2/clients/${clientId}/credentials`;
    const expires_at = new Date(Date.now() + 3_600_000).toISOString();
    const added = await manage('POST', path, { credential_type: 'x509_cert', pem: other.cert, expires_at });
    expect(added).toMatchObject({ status: 201, body: { expires_at: expires_at.replace(/\.\d+/, '.000') } });
    const { id } = added.body as { id: string };
    await manage('PATCH', `api/v2/clients/${clientId}`, {
      client_authentication_methods: { self_signed_tls_client_auth: { credentials: [{ id }] } },
    });
    expect((await ask(other)).status).toBe(200);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3_700_000 });
    try {
      expect((await ask(other)).status).toBe(401);
    } finally {
      vi.useRealTimers();
    }
    expect((await manage('DELETE', `${path}/${id}`)).status).toBe(204);
  });

  it.each<[string, () => object]>([
    ['no PEM', () => ({ credential_type: 'x509_cert', pem: 'x' })],
    ['a private key', () => ({ credential_type: 'public_key', pem: own.key })],
    ['a short key', () => ({ credential_type: 'public_key', pem: rsa(1_024) })],
    ['a key of another kind', () => ({ credential_type: 'public_key', pem: own.cert })],
  ])('is not given %s', async (_name, body) => {
    const answer = await manage('POST', `api/v2/clients/${clientId}/credentials`, body());
    expect(answer).toMatchObject({ status: 400, body: { errorCode: 'invalid_body' } });
  });
});

async function selfSigned(name: string): Promise<{ cert: string; key: string }> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: `CN=${name}`,
    keys,
    signingAlgorithm: algorithm,
  });
  const key = KeyObject.from(keys.privateKey).export({ type: 'pkcs8', format: 'pem' }).toString();
  return { cert: certificate.toString('pem'), key };
}

const rsa = (modulusLength: number): string =>
  generateKeyPairSync('rsa', { modulusLength }).publicKey.export({ type: 'spki', format: 'pem' }).toString();
