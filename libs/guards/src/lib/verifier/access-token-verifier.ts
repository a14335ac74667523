import { HeaderCache } from '../cache/header-cache.js';
import { VerifiedTokenCache } from '../cache/verified-token-cache.js';
import type { AuthError } from '../errors/auth-error.js';
import type { KeySetEvent, KeySetStatus } from '../keys/key-set-event.js';
import { checkSender } from '../sender/check-sender.js';
import { Tally, type VerifierStats } from '../telemetry/tally.js';
import { type Attempt, VerifierTelemetry } from '../telemetry/verifier-telemetry.js';
import { checkAlgorithm } from './checks/check-algorithm.js';
import { checkAudience, hasAudience } from './checks/check-audience.js';
import { checkCritical } from './checks/check-critical.js';
import { checkDenylist } from './checks/check-denylist.js';
import { checkExpiry } from './checks/check-expiry.js';
import { checkIssuedAt } from './checks/check-issued-at.js';
import { checkIssuer } from './checks/check-issuer.js';
import { checkKind } from './checks/check-kind.js';
import { checkNotBefore } from './checks/check-not-before.js';
import { checkRequiredClaims } from './checks/check-required-claims.js';
import { checkSignature } from './checks/check-signature.js';
import { checkType } from './checks/check-type.js';
import { readAudience } from './checks/read-audience.js';
import { readKeyId } from './checks/read-key-id.js';
import { parseCompact } from './compact.js';
import type { Denylist } from './denylist.js';
import type { AccessTokenVerifierOptions, RecogniseOptions, VerifyOptions } from './options.js';
import { type IssuerPolicy, type Policy, policyOf } from './policy.js';
import { readToken } from './read-token.js';
import { selectIssuer } from './select-issuer.js';
import type { VerifiedToken } from './verified-token.js';

/**
 * Holds every rule that an access token is checked by, in one order: shape, `typ`, `crit` and `alg`, key, signature,
 * `iss`, `aud`, `exp`, `nbf` and `iat`, required claims, sender constraint (RFC 9068 §4, RFC 8725 §3).
 *
 * A token is verified in full once and recognised from then on, until it expires, its key leaves the issuer's set
 * or the denylist names it. It knows nothing of Nest or of any transport.
 *
 * @example
 * ```ts
 * const verifier = new AccessTokenVerifier({
 *   issuers: [{ issuer: 'https://tenant.eu.auth0.com/' }],
 *   audience: 'https://orders.example',
 * });
 * const { clientId, scopes } = await verifier.verify(token);
 * ```
 */
export class AccessTokenVerifier {
  readonly #policy: Policy;
  readonly #cache: VerifiedTokenCache;
  readonly #headers = new HeaderCache();
  readonly #denylist: Denylist | undefined;
  readonly #tally = new Tally();
  readonly #telemetry: VerifierTelemetry;
  /** What a refusal is counted under while the token has not selected an issuer. */
  readonly #defaultIssuer: string;

  /**
   * @param options who is trusted and how tokens are held against it
   * @throws AuthOptionsError with every problem of the options
   */
  constructor(options: AccessTokenVerifierOptions) {
    this.#policy = policyOf({ ...options, onKeySetEvent: (event) => this.#onKeySetEvent(event, options) });
    this.#cache = new VerifiedTokenCache(options.cacheSize ?? 10_000);
    this.#denylist = options.denylist;
    const [only, ...others] = this.#policy.issuers.keys();
    this.#defaultIssuer = only !== undefined && others.length === 0 ? only : 'unknown';
    this.#telemetry = new VerifierTelemetry(this);
  }

  /**
   * Verifies a token, or recognises it.
   *
   * @param token the token alone, without a scheme
   * @param options the audience of the route where it is not the verifier's own, and what shows who sends the token
   * @throws AuthError with any code of 401, or `keys_unavailable`
   */
  async verify(token: string, options: VerifyOptions = {}): Promise<VerifiedToken> {
    const attempt: Attempt = { issuer: this.#defaultIssuer };
    try {
      return await this.#admit(token, options, attempt);
    } catch (error) {
      if (options.uncounted !== true) this.#tally.refuse(attempt.issuer, error);
      throw error;
    }
  }

  /**
   * Recognises a bearer token that was verified before, without waiting and without throwing. Only for the scheme
   * `Bearer`.
   *
   * @param token the token alone, without a scheme
   * @param options the audience of the route where it is not the verifier's own, and the connection of the token
   * @returns `undefined` where {@link verify} has to say
   */
  recognise(token: string, options: RecogniseOptions = {}): VerifiedToken | undefined {
    const { audience = this.#policy.audience, connection } = options;
    const verified = this.#known(token, connection);
    if (!verified || verified.confirmation || this.#policy.sender.required) return undefined;
    if (!hasAudience(verified.audience, audience) || this.#denylist?.denies(verified)) return undefined;
    this.#tally.recognised++;
    return verified;
  }

  /** Fetches the keys of every issuer before the first token comes. Never rejects. */
  async prefetch(): Promise<void> {
    await Promise.all(this.#issuers().map(({ keys }) => keys.prefetch()));
  }

  /**
   * Fetches the keys of every issuer anew; tokens of a key that is gone are refused from then on.
   *
   * @throws AuthError `keys_unavailable` when those of one issuer cannot be had
   */
  async reload(): Promise<void> {
    await Promise.all(this.#issuers().map(({ keys }) => keys.reload()));
  }

  /** The state of each issuer's keys. */
  keySets(): readonly KeySetStatus[] {
    return this.#issuers().map(({ keys }) => keys.status());
  }

  /** What it has done so far. */
  stats(): VerifierStats {
    const { recognised, verified } = this.#tally;
    return {
      recognised,
      verified,
      refused: this.#tally.refusals(),
      reported: this.#tally.reports(),
      recognisable: this.#cache.size,
    };
  }

  /**
   * Counts a refusal that was decided on elsewhere, such as a missing scope.
   *
   * @param issuer of the token; default: the only issuer, or `unknown`
   */
  countRefusal(error: AuthError, issuer: string = this.#defaultIssuer): void {
    this.#tally.refuse(issuer, error);
  }

  /**
   * Counts what would have been refused, were its rule not report-only.
   *
   * @param issuer of the token; default: the only issuer, or `unknown`
   */
  countReport(error: AuthError, issuer: string = this.#defaultIssuer): void {
    this.#tally.report(issuer, error);
  }

  /** Stops refreshing keys and forgets every token. */
  close(): void {
    for (const { keys } of this.#issuers()) keys.close();
    this.#telemetry.close();
    this.#cache.clear();
  }

  /** What is asked of every token, whether it was seen before or not. */
  async #admit(token: string, options: VerifyOptions, attempt: Attempt): Promise<VerifiedToken> {
    const audience = options.audience ?? this.#policy.audience;
    const known = this.#known(token);
    const verified =
      known ?? (await this.#telemetry.measure(attempt, () => this.#verifyInFull(token, audience, attempt)));
    attempt.issuer = verified.issuer;
    checkAudience(verified.audience, audience);
    checkDenylist(verified, this.#denylist);
    await checkSender(verified, token, options, this.#policy.sender);
    if (known) this.#tally.recognised++;
    else this.#tally.verified++;
    return verified;
  }

  /** The whole path of a token that was not seen before, from top to bottom. */
  async #verifyInFull(
    token: string,
    expectedAudience: readonly string[],
    attempt: Attempt,
  ): Promise<VerifiedToken> {
    const { issuers, clock, toleranceSeconds, maxTokenLength } = this.#policy;

    const jws = parseCompact(token, maxTokenLength, this.#headers);
    const policy = selectIssuer(jws.claims, issuers);
    attempt.issuer = policy.issuer;

    checkType(jws.header, policy.dialect);
    checkCritical(jws.header);
    const alg = checkAlgorithm(jws.header, policy.algorithms);

    const kid = readKeyId(jws.header);
    const keys = policy.keys.known(kid, alg) ?? (await policy.keys.keysFor(kid, alg));
    const key = checkSignature(jws, alg, keys);
    this.#headers.keep(token, jws.header);

    checkIssuer(jws.claims, policy.issuer);
    const audience = readAudience(jws.claims, policy.dialect);
    checkAudience(audience, expectedAudience);

    const now = clock() / 1_000;
    const expiresAt = checkExpiry(jws.claims, now, toleranceSeconds);
    checkNotBefore(jws.claims, now, toleranceSeconds);
    const issuedAt = checkIssuedAt(jws.claims, now, toleranceSeconds);

    checkKind(jws.claims);
    checkRequiredClaims(jws.claims, policy.dialect, policy.requiredClaims);
    const verified = readToken(jws, policy, { audience, expiresAt, issuedAt }, this.#policy.audience);

    const until = (expiresAt + toleranceSeconds) * 1_000;
    this.#cache.set(token, { token: verified, key, until });
    return verified;
  }

  /** A token that was verified before; one that is too long never was. */
  #known(token: string, connection?: object): VerifiedToken | undefined {
    if (typeof token !== 'string' || token.length > this.#policy.maxTokenLength) return undefined;
    return this.#cache.get(token, this.#policy.clock(), connection)?.token;
  }

  #issuers(): readonly IssuerPolicy[] {
    return [...this.#policy.issuers.values()];
  }

  #onKeySetEvent(event: KeySetEvent, { onKeySetEvent }: AccessTokenVerifierOptions): void {
    if (event.type === 'refreshed' && event.removed > 0) this.#cache.dropUntrusted(this.#policy.clock());
    onKeySetEvent?.(event);
  }
}
