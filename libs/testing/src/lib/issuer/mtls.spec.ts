import { Agent, request } from 'node:https';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { askToken } from '../../../test/support/ask-token.js';
import { LoopbackIssuer } from './loopback-issuer.js';
import { CertificateAuthority, type IssuedCertificate } from '../keys/certificate-authority.js';
import { certificateThumbprint } from '../keys/certificate-thumbprint.js';

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

describe('an issuer over TLS', () => {
  let authority: CertificateAuthority;
  let issuer: LoopbackIssuer;
  let own: IssuedCertificate;
  let other: IssuedCertificate;

  beforeAll(async () => {
    authority = await CertificateAuthority.create();
    own = await authority.issue('orders');
    other = await authority.issue('orders');
    issuer = await LoopbackIssuer.start({
      tls: await authority.issue('issuer'),
      clients: [{ clientId: 'orders', certificate: own.certificate }, { clientId: 'plain' }],
    });
  });
  beforeEach(() => issuer.resetCounters());
  afterAll(() => issuer.close());

  function post(form: Record<string, string>, certificate?: IssuedCertificate): Promise<Answer> {
    const agent = new Agent({
      ca: authority.certificate,
      ...(certificate && { cert: certificate.certificate, key: certificate.key }),
    });
    return new Promise((resolve, reject) => {
      const outgoing = request(issuer.tokenUrl, { method: 'POST', agent }, (incoming) => {
        let text = '';
        incoming.on('data', (chunk) => (text += String(chunk)));
        incoming.once('end', () => {
          agent.destroy();
          resolve({
            status: incoming.statusCode ?? 0,
            body: JSON.parse(text) as Record<string, unknown>,
          });
        });
      });
      outgoing.once('error', reject);
      outgoing.end(
        new URLSearchParams({ grant_type: 'client_credentials', client_id: 'orders', ...form }).toString(),
      );
    });
  }

  it('knows a client by its certificate, and binds the token to it', async () => {
    const { status, body } = await post({}, own);

    expect([status, body['token_type']]).toEqual([200, 'Bearer']);
    expect(decodeJwt(String(body['access_token']))['cnf']).toEqual({
      'x5t#S256': certificateThumbprint(own.certificate),
    });
    expect(issuer.tokenRequests).toMatchObject([{ authentication: 'tls_client_auth' }]);
  });

  it.each<[string, () => IssuedCertificate | undefined]>([
    ['without a certificate', () => undefined],
    ['with the certificate of somebody else', () => other],
  ])('does not know it %s', async (_how, certificate) => {
    expect((await post({}, certificate())).status).toBe(401);
    issuer.expectMints(0);
    expect((await post({}, own)).status).toBe(200);
  });

  it('binds the token of a client with a secret to the certificate that it presents', async () => {
    const credentials = { client_id: 'plain', client_secret: issuer.clientSecret('plain') };
    const [bound, free] = [await post(credentials, other), await post(credentials)];

    expect(decodeJwt(String(bound.body['access_token']))).toHaveProperty(
      ['cnf', 'x5t#S256'],
      certificateThumbprint(other.certificate),
    );
    expect(decodeJwt(String(free.body['access_token']))).not.toHaveProperty('cnf');
  });
});

describe('an issuer without TLS', () => {
  it('binds the tokens of a client to its certificate all the same', async () => {
    const { certificate } = await (await CertificateAuthority.create()).issue('orders');
    await using issuer = await LoopbackIssuer.start({ clients: [{ clientId: 'orders', certificate }] });

    const { body } = await askToken(issuer, 'orders');

    expect(decodeJwt(body.access_token)['cnf']).toEqual({ 'x5t#S256': certificateThumbprint(certificate) });
  });
});
