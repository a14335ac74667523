import { AssertionError } from 'node:assert';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { ClientAuthentication } from './client-authentication.js';
import { ClientRegistry } from './client-registry.js';
import { type Endpoint, type Faults } from './fault.js';
import { FaultBox, isJwksFault, isTokenFault, isTransportFault } from './fault-box.js';
import { json, oauthError, send, type Answer } from './http-exchange.js';
import { KeyRing } from './key-ring.js';
import { type LoopbackIssuerOptions } from './options.js';
import { TokenEndpoint, type MintedToken } from './token-endpoint.js';
import { replacesAnswer, sendFaulty } from './transport-fault.js';
import { TokenForge } from '../tokens/forge.js';
import { signParts, tokenParts, type MintOptions, type TokenParts } from '../tokens/mint.js';
import { type SigningAlgorithm, type SigningKey } from '../keys/signing-key.js';

const paths: Readonly<Record<string, Endpoint>> = {
  '/.well-known/openid-configuration': 'discovery',
  '/.well-known/oauth-authorization-server': 'discovery',
  '/.well-known/jwks.json': 'jwks',
  '/oauth/token': 'token',
};

const defaultApi = { audience: 'https://api.example/', scopes: ['read:things', 'write:things'] };

/**
 * An authorization server for tests: real HTTP on 127.0.0.1, real signatures, keys made at run time, and faults
 * on demand. It answers discovery (OpenID Connect Discovery 1.0; RFC 8414), the key set (RFC 7517) and
 * client-credentials token requests (RFC 6749, section 4.4) in Auth0's manner.
 *
 * @example
 * await using issuer = await LoopbackIssuer.start({ apis: [{ audience: 'https://api.example/', scopes: ['read:things'] }] });
 * const token = await issuer.mint({ scopes: ['read:things'] });
 * const expired = await issuer.mint({ expiresIn: -60 });
 * issuer.fault('jwks', { kind: 'hang' });
 */
export class LoopbackIssuer implements AsyncDisposable {
  readonly #server: Server;
  readonly #keys: KeyRing;
  readonly #registry: ClientRegistry;
  readonly #tokens: TokenEndpoint;
  readonly #faults = new FaultBox();
  readonly #requests = { discovery: 0, jwks: 0, token: 0 };
  readonly #options: LoopbackIssuerOptions;
  #origin = '';
  #closed: Promise<void> | undefined;

  /** Malformed and hostile tokens, signed with this issuer's keys where a signature is called for. */
  readonly forge: TokenForge;

  private constructor(options: LoopbackIssuerOptions) {
    this.#options = options;
    this.#keys = new KeyRing(options.algorithms ?? ['RS256']);
    this.#registry = new ClientRegistry(
      options.clients ?? [{ clientId: 'test-client' }],
      options.apis ?? [defaultApi],
    );
    this.#tokens = new TokenEndpoint({
      registry: this.#registry,
      authentication: new ClientAuthentication(this.#registry, () => [this.issuer, this.tokenUrl]),
      url: () => this.tokenUrl,
      mint: (mint) => this.#mint(mint),
      now: () => this.#now(),
    });
    this.forge = new TokenForge(
      (mint) => this.parts(mint),
      (alg) => this.#keys.current(alg),
    );
    this.#server = createServer((request, response) => {
      this.#handle(request, response).catch(() => response.destroy());
    });
  }

  /**
   * Starts an issuer.
   *
   * @param options clients, APIs, algorithms, dialect; every default makes a working issuer
   */
  static async start(options: LoopbackIssuerOptions = {}): Promise<LoopbackIssuer> {
    const issuer = new LoopbackIssuer(options);
    await new Promise<void>((resolve, reject) => {
      issuer.#server.once('error', reject);
      issuer.#server.listen(options.port ?? 0, '127.0.0.1', resolve);
    });
    issuer.#origin = `http://127.0.0.1:${(issuer.#server.address() as AddressInfo).port}`;
    return issuer;
  }

  /** The exact `iss` of its tokens, trailing slash included. */
  get issuer(): string {
    return `${this.#origin}/`;
  }

  get jwksUri(): string {
    return `${this.#origin}/.well-known/jwks.json`;
  }

  get tokenUrl(): string {
    return `${this.#origin}/oauth/token`;
  }

  /** HTTP requests so far, by endpoint, faulty ones included. */
  get requests(): Readonly<Record<Endpoint, number>> {
    return { ...this.#requests };
  }

  /** The tokens that were handed out over HTTP, oldest first. */
  get minted(): readonly MintedToken[] {
    return [...this.#tokens.minted];
  }

  /** A client's current secret. */
  clientSecret(clientId: string): string {
    return this.#registry.secret(clientId);
  }

  /** The current signing key, of one algorithm where it is named. */
  signingKey(alg?: SigningAlgorithm): SigningKey {
    return this.#keys.current(alg);
  }

  /** Mints a token without HTTP. Valid by default; anything can be set to what an attacker would send. */
  async mint(options: MintOptions = {}): Promise<string> {
    return this.#mint(options);
  }

  /** Header and claims that {@link LoopbackIssuer.mint} would sign. */
  parts(options: MintOptions = {}): TokenParts {
    const audience = options.audience ?? this.#registry.firstAudience;
    const api = this.#registry.api(typeof audience === 'string' ? audience : (audience[0] ?? ''));
    return tokenParts(
      {
        issuer: this.issuer,
        audience,
        scopes: options.scopes ?? api?.scopes ?? [],
        clientId: options.clientId ?? this.#registry.firstClientId,
        dialect: options.dialect ?? this.#options.dialect ?? 'auth0',
        lifetime: api?.tokenLifetime ?? 3600,
        key: options.key ?? this.#keys.current(options.alg),
        now: Math.floor(this.#now() / 1000),
      },
      options,
    );
  }

  /** Makes the next keys current. The former ones stay published until they are retired. */
  rotateKeys(): void {
    this.#keys.rotate();
  }

  /**
   * Publishes the next keys ahead of a rotation.
   *
   * @returns the `kid` of the first of them
   */
  publishNext(): string {
    return this.#keys.publishNext()[0]?.kid ?? '';
  }

  /**
   * Takes a key out of the key set; a current one is replaced at once.
   *
   * @param kid default: every previous key
   */
  retireKey(kid?: string): void {
    this.#keys.retire(kid);
  }

  /** Refuses every further token request of a client with 401 `access_denied`. */
  revokeClient(clientId: string): void {
    this.#registry.setRevoked(clientId, true);
  }

  /** Undoes {@link LoopbackIssuer.revokeClient}. */
  restoreClient(clientId: string): void {
    this.#registry.setRevoked(clientId, false);
  }

  /**
   * Gives a client a new secret.
   *
   * @param options `keepOld`: the former one works too; default false
   * @returns the new secret
   */
  rotateSecret(clientId: string, options: { keepOld?: boolean } = {}): string {
    return this.#registry.rotateSecret(clientId, options.keepOld ?? false);
  }

  /**
   * Makes an endpoint fail until it recovers.
   *
   * @param options `times`: recover by itself after so many requests
   */
  fault<E extends Endpoint>(endpoint: E, fault: Faults[E], options: { times?: number } = {}): void {
    this.#faults.arm(endpoint, fault, options.times ?? Number.POSITIVE_INFINITY);
  }

  /** Ends the fault of one endpoint, or of all. */
  recover(endpoint?: Endpoint): void {
    this.#faults.disarm(endpoint);
  }

  /**
   * Asserts how many tokens were handed out over HTTP.
   *
   * @throws AssertionError that lists who was given what
   */
  expectMints(expected: number): void {
    const actual = this.#tokens.minted.length;
    if (actual === expected) return;
    const list = this.#tokens.minted
      .map((token) => `  ${token.clientId} → ${token.audience} [${token.scopes.join(' ')}]`)
      .join('\n');
    throw new AssertionError({
      message: `Expected ${expected} minted tokens, counted ${actual}:\n${list}`,
      actual,
      expected,
      operator: 'expectMints',
    });
  }

  /** Sets the request counters to zero and forgets the minted tokens. */
  resetCounters(): void {
    Object.assign(this.#requests, { discovery: 0, jwks: 0, token: 0 });
    this.#tokens.minted.length = 0;
  }

  /** Stops at once: requests that hang are cut off. */
  close(): Promise<void> {
    this.#closed ??= new Promise((resolve) => {
      this.#server.close(() => {
        this.#keys.release();
        resolve();
      });
      this.#server.closeAllConnections();
    });
    return this.#closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #now(): number {
    return (this.#options.now ?? Date.now)();
  }

  #mint(options: MintOptions): string {
    return signParts(this.parts(options), options.key ?? this.#keys.current(options.alg));
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', this.#origin);
    const endpoint = paths[pathname];
    if (!endpoint) return send(response, oauthError(404, 'not_found'));
    this.#requests[endpoint] += 1;
    const fault = searchParams.has('detour') ? undefined : this.#faults.take(endpoint);
    const detour = `${this.#origin}${pathname}?detour`;
    if (isTransportFault(fault) && replacesAnswer(fault))
      return sendFaulty(response, json(200, {}), fault, detour);
    const answer = await this.#answer(endpoint, request, fault);
    if (!isTransportFault(fault)) return send(response, answer);
    sendFaulty(response, answer, fault, detour);
  }

  async #answer(
    endpoint: Endpoint,
    request: IncomingMessage,
    fault: Faults[Endpoint] | undefined,
  ): Promise<Answer> {
    if (endpoint === 'token') return this.#tokens.answer(request, isTokenFault(fault) ? fault : undefined);
    if (endpoint === 'discovery') return json(200, this.#metadata());
    const keys = isJwksFault(fault) ? (fault.kind === 'keys' ? fault.keys : []) : this.#keys.published();
    return json(200, { keys }, { 'cache-control': 'public, max-age=15' });
  }

  #metadata(): Record<string, unknown> {
    return {
      issuer: this.issuer,
      jwks_uri: this.jwksUri,
      token_endpoint: this.tokenUrl,
      grant_types_supported: ['client_credentials'],
      response_types_supported: [],
      subject_types_supported: ['public'],
      token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'private_key_jwt'],
      dpop_signing_alg_values_supported: ['ES256', 'RS256', 'PS256', 'EdDSA'],
    };
  }
}
