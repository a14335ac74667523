import { type IncomingMessage } from 'node:http';
import { type ClientAuthentication } from './client-authentication.js';
import { type ClientRegistry } from './client-registry.js';
import { verifyDpopProof } from './dpop-proof.js';
import { type TokenFault } from './fault.js';
import { json, oauthError, type Answer } from './http-exchange.js';
import { readBody } from '../http/read-body.js';
import { type MintOptions } from '../tokens/mint.js';

/** A token that was handed out over HTTP. */
export interface MintedToken {
  readonly clientId: string;
  readonly audience: string;
  readonly scopes: readonly string[];
  /** Milliseconds since the epoch. */
  readonly at: number;
}

interface Issued extends MintedToken {
  readonly answer: Readonly<Record<string, unknown>>;
  readonly expiresAt: number;
}

interface TokenEndpointOptions {
  readonly registry: ClientRegistry;
  readonly authentication: ClientAuthentication;
  readonly url: () => string;
  readonly mint: (options: MintOptions) => string;
  readonly now: () => number;
}

const defaultLifetime = 3600;

function parse(contentType: string | undefined, body: string): Record<string, unknown> | undefined {
  if (contentType?.startsWith('application/json')) {
    try {
      const value: unknown = JSON.parse(body);
      return typeof value === 'object' && value !== null ? { ...value } : undefined;
    } catch {
      return undefined;
    }
  }
  return Object.fromEntries(new URLSearchParams(body));
}

/** `/oauth/token` for client credentials (RFC 6749, section 4.4), with Auth0's parameters and error bodies. */
export class TokenEndpoint {
  readonly minted: MintedToken[] = [];
  #last: Issued | undefined;

  constructor(private readonly options: TokenEndpointOptions) {}

  async answer(request: IncomingMessage, fault: TokenFault | undefined): Promise<Answer> {
    if (request.method !== 'POST') return oauthError(405, 'invalid_request', 'Use POST.');
    const body = parse(request.headers['content-type'], await readBody(request));
    if (!body) return oauthError(400, 'invalid_request', 'The body cannot be read.');
    if (fault?.kind === 'oauth-error') return oauthError(fault.status ?? 400, fault.error, fault.description);
    if (body['grant_type'] !== 'client_credentials')
      return oauthError(403, 'unauthorized_client', 'Grant type not allowed for the client.');

    const clientId = await this.options.authentication.authenticate(request.headers, body);
    if (clientId === undefined) return oauthError(401, 'access_denied', 'Unauthorized');
    return this.#grant(request, clientId, body, fault);
  }

  async #grant(
    request: IncomingMessage,
    clientId: string,
    body: Readonly<Record<string, unknown>>,
    fault: TokenFault | undefined,
  ): Promise<Answer> {
    const { registry, now } = this.options;
    const audience = body['audience'] ?? body['resource'] ?? registry.firstAudience;
    const api = typeof audience === 'string' ? registry.api(audience) : undefined;
    if (!api)
      return oauthError(
        403,
        'access_denied',
        `Service not enabled within domain: ${typeof audience === 'string' ? audience : ''}`,
      );
    const granted = registry.granted(clientId, api);
    if (!granted)
      return oauthError(
        403,
        'access_denied',
        `Client is not authorized to access "${api.audience}". You need to create a "client-grant" associated to this API.`,
      );
    const asked = typeof body['scope'] === 'string' ? body['scope'].split(' ').filter(Boolean) : granted;
    const scopes = asked.filter((scope) => granted.includes(scope));
    if (asked.length > 0 && scopes.length === 0)
      return oauthError(403, 'access_denied', `Client has not been granted scopes: ${asked.join(', ')}`);

    const proof = await this.#dpop(request, fault);
    if ('status' in proof) return proof;
    if (fault?.kind === 'same-token' && this.#last) return this.#again(this.#last);

    const lifetime = api.tokenLifetime ?? defaultLifetime;
    const skew = fault?.kind === 'skew' ? fault.seconds : 0;
    const accessToken = this.options.mint({
      clientId,
      audience: api.audience,
      scopes,
      issuedIn: skew,
      expiresIn: lifetime + skew,
      claims: proof.thumbprint ? { cnf: { jkt: proof.thumbprint } } : {},
    });
    const issued: Issued = {
      clientId,
      audience: api.audience,
      scopes,
      at: now(),
      expiresAt: now() + lifetime * 1000,
      answer: {
        access_token: accessToken,
        token_type: proof.thumbprint ? 'DPoP' : 'Bearer',
        expires_in: lifetime,
        scope: scopes.join(' '),
      },
    };
    this.#last = issued;
    this.minted.push({ clientId, audience: api.audience, scopes, at: issued.at });
    return json(200, spoil(issued.answer, fault));
  }

  async #dpop(
    request: IncomingMessage,
    fault: TokenFault | undefined,
  ): Promise<{ thumbprint: string | undefined } | Answer> {
    const header = request.headers['dpop'];
    if (typeof header !== 'string') return { thumbprint: undefined };
    const proof = await verifyDpopProof(header, this.options.url());
    if (!proof) return oauthError(400, 'invalid_dpop_proof', 'The DPoP proof does not hold.');
    if (fault?.kind === 'dpop-nonce' && proof.nonce !== fault.nonce) {
      const nonce = { 'dpop-nonce': fault.nonce };
      return json(400, { error: 'use_dpop_nonce', error_description: 'Use the nonce.' }, nonce);
    }
    return { thumbprint: proof.thumbprint };
  }

  #again(last: Issued): Answer {
    const left = Math.max(0, Math.floor((last.expiresAt - this.options.now()) / 1000));
    this.minted.push({ ...last, at: this.options.now() });
    return json(200, { ...last.answer, expires_in: left });
  }
}

function spoil(
  answer: Readonly<Record<string, unknown>>,
  fault: TokenFault | undefined,
): Record<string, unknown> {
  switch (fault?.kind) {
    case 'expires-in':
      return { ...answer, expires_in: fault.value };
    case 'scope':
      return { ...answer, scope: fault.scope };
    case 'token-type':
      return { ...answer, token_type: fault.value };
    case 'no-token':
      return { ...answer, access_token: undefined };
    default:
      return { ...answer };
  }
}
