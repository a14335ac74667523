import { type IncomingMessage } from 'node:http';
import { ClientAuthentication } from './client-authentication.js';
import { ClientRegistry } from './client-registry.js';
import { type Endpoint, type Faults } from './faults/fault.js';
import { FaultBox } from './faults/fault-box.js';
import { faultyKeys, isJwksFault } from './faults/jwks-fault.js';
import { isTokenFault } from './faults/token-fault.js';
import { json, type Answer } from './http-exchange.js';
import { IssuerServer } from './issuer-server.js';
import { KeyRing } from './key-ring.js';
import { issuerMetadata } from './metadata.js';
import { MintLog, type MintedToken, type MintFilter } from './mint-log.js';
import { type LoopbackIssuerOptions } from './options.js';
import { RequestLog, type ReceivedTokenRequest } from './request-log.js';
import { TokenEndpoint } from './token-endpoint.js';
import { TokenMinter } from './token-minter.js';
import { TokenForge } from '../tokens/forge.js';
import { type MintOptions, type TokenParts } from '../tokens/mint.js';
import { type SigningAlgorithm, type SigningKey } from '../keys/signing-key.js';

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
  readonly #server: IssuerServer;
  readonly #keys: KeyRing;
  readonly #registry: ClientRegistry;
  readonly #minter: TokenMinter;
  readonly #tokens: TokenEndpoint;
  readonly #faults = new FaultBox();
  readonly #requests = new RequestLog();
  readonly #mints = new MintLog();
  readonly #tls: boolean;
  #closed: Promise<void> | undefined;

  /** Malformed and hostile tokens, signed with this issuer's keys where a signature is called for. */
  readonly forge: TokenForge;

  private constructor(options: LoopbackIssuerOptions, keys: KeyRing) {
    const { now = Date.now } = options;
    this.#tls = options.tls !== undefined;
    this.#keys = keys;
    this.#registry = new ClientRegistry(
      options.clients ?? [{ clientId: 'test-client' }],
      options.apis ?? [defaultApi],
    );
    this.#minter = new TokenMinter({
      issuer: () => this.issuer,
      keys: this.#keys,
      registry: this.#registry,
      dialect: options.dialect ?? 'auth0',
      now,
    });
    this.#tokens = new TokenEndpoint({
      registry: this.#registry,
      authentication: new ClientAuthentication(this.#registry, () => [this.issuer, this.tokenUrl], now),
      url: () => this.tokenUrl,
      mint: (mint) => this.#minter.mint(mint),
      mints: this.#mints,
      requests: this.#requests,
      now,
    });
    this.forge = new TokenForge(
      (mint) => this.parts(mint),
      (alg) => this.#keys.current(alg),
    );
    this.#server = new IssuerServer({
      faults: this.#faults,
      requests: this.#requests,
      tls: options.tls,
      answer: (endpoint, request, fault) => this.#answer(endpoint, request, fault),
    });
  }

  /**
   * Starts an issuer.
   *
   * @param options clients, APIs, algorithms, dialect; every default makes a working issuer
   */
  static async start(options: LoopbackIssuerOptions = {}): Promise<LoopbackIssuer> {
    const issuer = new LoopbackIssuer(options, await KeyRing.create(options.algorithms ?? ['RS256']));
    await issuer.#server.listen(options.port ?? 0);
    return issuer;
  }

  /** The exact `iss` of its tokens, trailing slash included. */
  get issuer(): string {
    return `${this.#server.origin}/`;
  }

  get jwksUri(): string {
    return `${this.#server.origin}/.well-known/jwks.json`;
  }

  get tokenUrl(): string {
    return `${this.#server.origin}/oauth/token`;
  }

  /** HTTP requests so far, by endpoint, faulty ones included. */
  get requests(): Readonly<Record<Endpoint, number>> {
    return this.#requests.counts;
  }

  /** The tokens that were handed out over HTTP, oldest first. */
  get minted(): readonly MintedToken[] {
    return this.#mints.tokens;
  }

  /** The token requests so far, oldest first, without their credentials; faults of the transport show none. */
  get tokenRequests(): readonly ReceivedTokenRequest[] {
    return this.#requests.tokenRequests;
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
    return this.#minter.mint(options);
  }

  /** Header and claims that {@link LoopbackIssuer.mint} would sign. */
  parts(options: MintOptions = {}): TokenParts {
    return this.#minter.parts(options);
  }

  /** Makes the next keys current. The former ones stay published until they are retired. */
  rotateKeys(): void {
    this.#keys.rotate();
  }

  /**
   * Makes the keys of the next rotation ready, off the event loop. Without it {@link LoopbackIssuer.publishNext} and
   * {@link LoopbackIssuer.rotateKeys} make them on it, and everything in the process waits.
   */
  reserveKeys(): Promise<void> {
    return this.#keys.reserve();
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
   * @param of counts those of one client, of one audience, or of both; default all
   * @throws AssertionError that lists who was given what
   */
  expectMints(expected: number, of: MintFilter = {}): void {
    this.#mints.expect(expected, of);
  }

  /**
   * Asserts how often an endpoint was asked, faulty answers included.
   *
   * @throws AssertionError with the counts of all endpoints
   */
  expectRequests(endpoint: Endpoint, expected: number): void {
    this.#requests.expect(endpoint, expected);
  }

  /** Sets the request counters to zero, and forgets the token requests and the minted tokens. */
  resetCounters(): void {
    this.#requests.clear();
    this.#mints.clear();
  }

  /** Stops at once: requests that hang are cut off. */
  close(): Promise<void> {
    this.#closed ??= this.#server.close().then(() => this.#keys.release());
    return this.#closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #answer<E extends Endpoint>(
    endpoint: E,
    request: IncomingMessage,
    fault: Faults[E] | undefined,
  ): Promise<Answer> {
    if (endpoint === 'token') return this.#tokens.answer(request, isTokenFault(fault) ? fault : undefined);
    if (endpoint === 'discovery') return json(200, issuerMetadata(this, this.#tls));
    const keys = isJwksFault(fault) ? faultyKeys(fault) : this.#keys.published();
    return json(200, { keys }, { 'cache-control': 'public, max-age=15' });
  }
}
