import { timingSafeEqual } from 'node:crypto';
import { type IncomingHttpHeaders } from 'node:http';
import { decodeJwt, importJWK, jwtVerify } from 'jose';
import { type ClientRegistry, type RegisteredClient } from './client-registry.js';
import { type TokenParameters } from './token-request.js';

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

function basicCredentials(header: string | undefined): [string, string] | undefined {
  const encoded = /^basic ([\w+/=-]+)$/i.exec(header ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, 'base64').toString();
  const colon = text.indexOf(':');
  if (colon < 0) return undefined;
  const decode = (part: string): string => decodeURIComponent(part.replaceAll('+', ' '));
  try {
    return [decode(text.slice(0, colon)), decode(text.slice(colon + 1))];
  } catch {
    return undefined;
  }
}

function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** Authenticates clients of one issuer, and sees each assertion once. */
export class ClientAuthentication {
  readonly #seenAssertions = new Set<string>();

  constructor(
    private readonly registry: ClientRegistry,
    private readonly acceptedAudiences: () => readonly string[],
    private readonly now: () => number,
  ) {}

  /**
   * The client that a token request proves to be, by `client_secret_basic`, `client_secret_post`, `private_key_jwt` or
   * `self_signed_tls_client_auth`; `undefined` when the proof fails.
   *
   * @param certificate the thumbprint of the connection's client certificate
   */
  async authenticate(
    headers: IncomingHttpHeaders,
    body: TokenParameters,
    certificate: string | undefined,
  ): Promise<RegisteredClient | undefined> {
    if (body['client_assertion_type'] === assertionType) return this.#byAssertion(body['client_assertion']);
    const [clientId, secret] = basicCredentials(headers.authorization) ?? [
      body['client_id'],
      body['client_secret'],
    ];
    if (typeof clientId !== 'string') return undefined;
    const client = this.registry.active(clientId);
    if (typeof secret === 'string')
      return client?.secrets.some((known) => sameText(known, secret)) ? client : undefined;
    return certificate !== undefined && client?.certificateThumbprint === certificate ? client : undefined;
  }

  async #byAssertion(assertion: unknown): Promise<RegisteredClient | undefined> {
    if (typeof assertion !== 'string') return undefined;
    try {
      const clientId = decodeJwt(assertion).sub ?? '';
      const client = this.registry.active(clientId);
      const publicKey = client?.publicKey;
      if (!publicKey) return undefined;
      const { payload, protectedHeader } = await jwtVerify(
        assertion,
        async ({ alg }) => importJWK(publicKey, alg),
        {
          issuer: clientId,
          subject: clientId,
          audience: [...this.acceptedAudiences()],
          requiredClaims: ['exp', 'jti'],
          currentDate: new Date(this.now()),
        },
      );
      const once = `${clientId} ${payload.jti}`;
      if (protectedHeader.alg.startsWith('HS') || this.#seenAssertions.has(once)) return undefined;
      this.#seenAssertions.add(once);
      return client;
    } catch {
      return undefined;
    }
  }
}
