import { Inject, Injectable, Logger, type OnApplicationShutdown, Optional } from '@nestjs/common';
import type { Quota } from '../budget/quota-watch.js';
import { credentialVersion } from '../engine/credential-version.js';
import { OAuthTokenEndpoint } from '../engine/oauth-token-endpoint.js';
import type { ClientCertificate } from '../sender/client-certificate.js';
import { SenderBinding } from '../sender/sender-binding.js';
import { presets } from '../presets/preset.js';
import { TokenTelemetry } from '../telemetry/token-telemetry.js';
import { TracedTokenEndpoint } from '../telemetry/traced-token-endpoint.js';
import type { AccessToken } from '../tokens/access-token.js';
import { describeEvent } from '../tokens/describe-event.js';
import { EventRecord } from '../tokens/event-record.js';
import type { TokenEvent } from '../tokens/token-event.js';
import { systemClock } from '../tokens/clock.js';
import { TokenManager } from '../tokens/token-manager.js';
import type { GetTokenOptions, TokenRequest } from '../tokens/token-request.js';
import type { TokenStats } from '../tokens/token-stats.js';
import { waitFor } from '../tokens/wait.js';
import { checkOptions } from './check-options.js';
import type { M2mModuleOptions } from './m2m-module-options.js';
import { type OpenedStore, storeOf, TOKEN_STORE } from './token-store.provider.js';
import { MODULE_OPTIONS_TOKEN } from './m2m.module-definition.js';

/**
 * This service's access tokens: fetched once, shared, renewed before they end.
 *
 * @throws M2mOptionsError at boot, with every problem of the options at once
 */
@Injectable()
export class M2mTokens implements OnApplicationShutdown {
  readonly #manager: TokenManager;
  readonly #exchanged: TokenManager;
  readonly #sender: SenderBinding;
  readonly #opened: OpenedStore | undefined;
  readonly #telemetry: TokenTelemetry;
  readonly #logger = new Logger('M2mTokens');

  constructor(
    @Inject(MODULE_OPTIONS_TOKEN) options: M2mModuleOptions,
    @Optional() sender?: SenderBinding,
    @Optional() @Inject(TOKEN_STORE) opened?: OpenedStore,
  ) {
    checkOptions(options);
    this.#opened = opened;
    this.#sender = sender ?? new SenderBinding(options, options.clock ?? systemClock);
    const { issuer, tokenUrl, clientId, provider = 'auth0', clock, onTokenEvent } = options;
    const { clientSecret, nextClientSecret, privateKey, clientAuthentication } = options;
    const store = storeOf(options, opened);
    const credential = {
      ...(clientSecret !== undefined && { clientSecret }),
      ...(nextClientSecret !== undefined && { nextClientSecret }),
      ...(privateKey !== undefined && { privateKey }),
      method: clientAuthentication ?? (clientSecret ? presets[provider].secretMethod : 'tls_client_auth'),
    };
    const endpoint = new OAuthTokenEndpoint({
      issuer,
      ...(tokenUrl !== undefined && { tokenUrl }),
      allowInsecure: options.allowInsecureIssuer ?? false,
      service: options.service ?? clientId,
      clientId,
      provider,
      credential,
      sender: this.#sender,
    });
    const traced = new TracedTokenEndpoint(endpoint, issuer);
    const common = {
      ...(clock && { clock }),
      onEvent: (event: TokenEvent) => {
        this.#log(event);
        this.#telemetry.record(event);
        onTokenEvent?.(event);
      },
    };
    this.#exchanged = new TokenManager(traced, common);
    this.#manager = new TokenManager(traced, {
      ...common,
      ...(options.budget && { budget: options.budget }),
      ...(store && {
        shared: {
          store,
          client: [issuer, tokenUrl ?? '', provider, clientId],
          credential: () => credentialVersion(credential),
        },
      }),
    });
    this.#telemetry = new TokenTelemetry(() => this.#manager.stats());
  }

  /**
   * A token for an audience, without a token request where one is held that can be used.
   *
   * @throws M2mError `issuer_unreachable`, `client_rejected`, `grant_missing`, `scope_not_granted`, `quota_exhausted`,
   * `token_response_invalid`, `deadline_exceeded`, `aborted`
   * @example
   * ```ts
   * const token = await tokens.getToken({ audience: 'https://inventory.example', minTtl: 5_000 });
   * ```
   */
  getToken(options: GetTokenOptions): Promise<AccessToken> {
    const { certificate } = this.#sender;
    return certificate
      ? this.#withCertificate(certificate, options)
      : this.#managerOf(options).getToken(this.#sender.bind(options));
  }

  /** The token that can be used now without waiting, where there is one. */
  peek(request: TokenRequest, minTtl?: number): AccessToken | undefined {
    return this.#managerOf(request).peek(this.#sender.bind(request), minTtl);
  }

  /**
   * Lets go of a token that an API refused as invalid, if it is still the one that is held.
   *
   * @param fingerprint of the refused token
   * @returns whether another token may be had now; false where one was let go less than a minute ago
   */
  drop(request: TokenRequest, fingerprint: string): boolean {
    return this.#managerOf(request).drop(this.#sender.bind(request), fingerprint);
  }

  /** Tokens of this service itself: minted, served without a request, refreshed and failed so far, by audience. */
  stats(): TokenStats[] {
    return this.#manager.stats();
  }

  /** What is left of the authorization server's quotas and of the budget, as it was seen last. */
  quotas(): Quota[] {
    return this.#manager.quotas();
  }

  /** Finishes sharing what was minted last, and closes the shared cache. */
  async onApplicationShutdown(): Promise<void> {
    this.#telemetry.close();
    await this.#manager.idle();
    await this.#opened?.close();
  }

  /** Looks at the certificate first: a token is bound to the one that is presented. */
  async #withCertificate(certificate: ClientCertificate, options: GetTokenOptions): Promise<AccessToken> {
    await waitFor(certificate.lookAgain(), options.audience, options.signal);
    return this.#managerOf(options).getToken(this.#sender.bind(options));
  }

  /** Tokens on behalf of callers have a place of their own, so that many callers push out none of this service's. */
  #managerOf({ subject }: TokenRequest): TokenManager {
    return subject === undefined ? this.#manager : this.#exchanged;
  }

  #log(event: TokenEvent): void {
    const { level, text } = describeEvent(event);
    this.#logger[level](new EventRecord(text, event));
  }
}
