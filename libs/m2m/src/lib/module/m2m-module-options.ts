import type { CalleeName } from '@countersign/contract';
import type { TokenBudget } from '../budget/token-budget.js';
import type { ClientAuthenticationMethod } from '../engine/client-authentication.js';
import type { CallerToken } from '../exchange/on-behalf-of.js';
import type { ProviderName } from '../presets/preset.js';
import type { MtlsOptions } from '../sender/mtls-options.js';
import type { SecretSource } from '../secrets/secret-source.js';
import type { TokenStore } from '../store/token-store.js';
import type { TokenEventListener } from '../tokens/token-event.js';
import type { Clock } from '../tokens/clock.js';

/** One service that this service calls. */
export interface ConnectionOptions {
  /** Base URL of the callee. The token goes to this origin, below this path, and nowhere else. */
  readonly baseUrl: string;
  /** The callee's audience, as its API is registered at the authorization server. */
  readonly audience: string;
  /** The scopes to ask for. Default: none, which leaves the choice to the authorization server. */
  readonly scopes?: readonly string[];
  /** An Auth0 organization to act for. */
  readonly organization?: string;
  /** How long a call may take, the wait for its token included, in milliseconds. Default 10,000. */
  readonly timeout?: number;
  /** The largest response that is read, in bytes. Default 10 MiB. */
  readonly maxResponseBytes?: number;
  /** Calls on behalf of the caller that each call names by `onBehalfOf` (RFC 8693). Default false. */
  readonly exchange?: boolean;
}

/** A Redis in which the instances of this service share their tokens, encrypted. Needs the package `ioredis`. */
export interface RedisCacheOptions {
  /** `redis://` or, with TLS, `rediss://`. */
  readonly url: string;
  /** The key ring, `id:base64key,id2:base64key`, 32 random bytes each: the first encrypts, all decrypt. */
  readonly keys: string;
}

/** How this service gets its tokens and whom it calls. Validated at boot, every problem at once. */
export interface M2mModuleOptions {
  /** The name of this service, for messages. Default: the client id. */
  readonly service?: string;
  /** The authorization server's issuer identifier, exactly as its metadata says it, trailing slash included. */
  readonly issuer: string;
  /** The token endpoint. Default: discovery (OpenID Connect, then RFC 8414) when it is first needed. */
  readonly tokenUrl?: string;
  /** How the authorization server wants to be asked. Default `auth0`. */
  readonly provider?: ProviderName;
  /** The client id of this service. */
  readonly clientId: string;
  /** Its secret: text, a file that is read again when it changes, or a function. */
  readonly clientSecret?: SecretSource;
  /** The other secret during a rotation: tried once where the first is refused. */
  readonly nextClientSecret?: SecretSource;
  /** A private key (PKCS #8 PEM) for `private_key_jwt` (RFC 7523) instead of a secret. */
  readonly privateKey?: SecretSource;
  /**
   * How this service shows who it is. Default: a secret as the provider prefers it, `private_key_jwt` with a private
   * key, `tls_client_auth` where there is a certificate alone.
   */
  readonly clientAuthentication?: ClientAuthenticationMethod;
  /** Binds tokens to a key of this process (RFC 9449), so that a stolen one is of no use. Default false. */
  readonly dpop?: boolean;
  /** A client certificate for the token endpoint and the callees (RFC 8705). Default none. */
  readonly mtls?: MtlsOptions;
  /** Where the instances of this service share their tokens. Default none: each has its own. */
  readonly store?: TokenStore | RedisCacheOptions;
  /** How many tokens this service means to ask for; warned of at 60, 80 and 100 percent. Default: no limit of its own. */
  readonly budget?: TokenBudget;
  /**
   * Gets the token of each connection as soon as the app has started, after a random pause of up to `jitter`
   * milliseconds. `true` is 2,000 milliseconds; default false, when it is first needed.
   */
  readonly warmUp?: boolean | { readonly jitter: number };
  /**
   * Asks for the token of each connection once before the app listens, and stops the boot where a grant, a scope or a
   * credential is missing, with every one in one error. Default false.
   */
  readonly preflight?: boolean;
  /** The services that may be called, by name. */
  readonly connections: Readonly<Record<string, ConnectionOptions>>;
  /** Allows a token endpoint that is not on this machine to be plain http. Default false. */
  readonly allowInsecureIssuer?: boolean;
  /**
   * Names the caller of a call that does not, for connections with `exchange`: reads it from the app's own
   * `AsyncLocalStorage`, say. Default none: each call names its caller.
   */
  readonly onBehalfOf?: () => CallerToken | undefined;
  /** Is told what the token manager does, beside the log. What it throws changes nothing; default none. */
  readonly onTokenEvent?: TokenEventListener;
  /** Time and chance, for tests. Default: the machine's own. */
  readonly clock?: Clock;
}

/** The callees of a service with their audience and scopes, as generated from the contracts. */
export type Callees = Readonly<
  Partial<Record<CalleeName, { readonly audience: string; readonly scopes: readonly string[] }>>
>;
