import { generateKeyPair, SignJWT } from 'jose';
import { timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { answerParent } from '../../measure/child-protocol.js';
import { issuerConfig } from './issuer-config.js';

// The least that answers a client-credentials request: it reads the form, compares the secret and signs.

const { algorithm, clientId, clientSecret, audience, scope } = issuerConfig();
const { privateKey } = await generateKeyPair(algorithm);
const expected = Buffer.from(clientSecret);

const server = createServer((request, response) => {
  let text = '';
  request.setEncoding('utf8');
  request.on('data', (chunk: string) => (text += chunk));
  request.on('end', () => {
    void answer(new URLSearchParams(text)).then(({ status, body }) => {
      response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
      response.end(JSON.stringify(body));
    });
  });
});

async function answer(form: URLSearchParams): Promise<{ status: number; body: object }> {
  const secret = Buffer.from(form.get('client_secret') ?? '');
  const known = form.get('client_id') === clientId && secret.length === expected.length;
  if (!known || !timingSafeEqual(secret, expected)) return { status: 401, body: { error: 'invalid_client' } };
  const token = await new SignJWT({ scope, azp: clientId })
    .setProtectedHeader({ alg: algorithm, typ: 'JWT', kid: 'bench' })
    .setIssuer('http://localhost/')
    .setAudience(audience)
    .setSubject(`${clientId}@clients`)
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(privateKey);
  return { status: 200, body: { access_token: token, token_type: 'Bearer', expires_in: 3600, scope } };
}

server.listen(0, '127.0.0.1', () => answerParent((server.address() as AddressInfo).port));
