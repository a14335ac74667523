import { timingSafeEqual } from 'node:crypto';
import { type IncomingHttpHeaders } from 'node:http';
import { decodeJwt, importJWK, jwtVerify } from 'jose';
import { type ClientRegistry } from './client-registry.js';

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

function basicCredentials(header: string | undefined): [string, string] | undefined {
  const encoded = /^basic ([\w+/=-]+)$/i.exec(header ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, 'base64').toString();
  const colon = text.indexOf(':');
  if (colon < 0) return undefined;
  const decode = (part: string): string => decodeURIComponent(part.replaceAll('+', ' '));
  return [decode(text.slice(0, colon)), decode(text.slice(colon + 1))];
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
  ) {}

  /**
   * The client that a token request proves to be, by `client_secret_basic`, `client_secret_post` or
   * `private_key_jwt`; `undefined` when the proof fails.
   */
  async authenticate(
    headers: IncomingHttpHeaders,
    body: Readonly<Record<string, unknown>>,
  ): Promise<string | undefined> {
    if (body['client_assertion_type'] === assertionType) return this.#byAssertion(body['client_assertion']);
    const [clientId, secret] = basicCredentials(headers.authorization) ?? [
      body['client_id'],
      body['client_secret'],
    ];
    if (typeof clientId !== 'string' || typeof secret !== 'string') return undefined;
    const client = this.registry.active(clientId);
    return client?.secrets.some((known) => sameText(known, secret)) ? clientId : undefined;
  }

  async #byAssertion(assertion: unknown): Promise<string | undefined> {
    if (typeof assertion !== 'string') return undefined;
    try {
      const clientId = decodeJwt(assertion).sub ?? '';
      const publicKey = this.registry.active(clientId)?.publicKey;
      if (!publicKey) return undefined;
      const { payload, protectedHeader } = await jwtVerify(
        assertion,
        async ({ alg }) => importJWK(publicKey, alg),
        {
          issuer: clientId,
          subject: clientId,
          audience: [...this.acceptedAudiences()],
          requiredClaims: ['exp', 'jti'],
        },
      );
      const once = `${clientId} ${payload.jti}`;
      if (protectedHeader.alg.startsWith('HS') || this.#seenAssertions.has(once)) return undefined;
      this.#seenAssertions.add(once);
      return clientId;
    } catch {
      return undefined;
    }
  }
}
