import { type LoopbackIssuer } from '../issuer/loopback-issuer.js';
import { type SigningAlgorithm } from '../keys/signing-key.js';
import { type Dialect } from '../tokens/dialect.js';

/** A service that runs and trusts the battery's issuer. */
export interface ServiceUnderTest {
  /** Where it listens, such as `http://127.0.0.1:4101`. */
  readonly baseUrl: string;
  /** Who vouches for its certificate, PEM, where it listens on TLS. */
  readonly ca?: string;
  /** Stops it. */
  close(): Promise<unknown>;
}

/** The header in which a proxy hands a service the certificate of its client. */
export interface CertificateHeader {
  readonly name: string;
  /** A PEM text, percent-encoded, or `:base64 of the DER:` (RFC 9440, section 2.1). */
  readonly encoding: 'pem-urlencoded' | 'rfc9440';
}

/** How a service accepts DPoP-bound tokens (RFC 9449). */
export interface DpopAbility {
  /** Whether it demands nonces (section 9). Default false. */
  readonly nonces?: boolean;
  /** The algorithms that proofs may be signed with. Default `['ES256']`. */
  readonly algorithms?: readonly [SigningAlgorithm, ...SigningAlgorithm[]];
}

/** What a service can do beyond bearer tokens. What it cannot do it must refuse. */
export interface ServiceAbilities {
  /** Whether it finds the key set by discovery. Default true; false leaves the faults of discovery out. */
  readonly discovery?: boolean;
  /** Whether it accepts DPoP-bound tokens. Default false. */
  readonly dpop?: boolean | DpopAbility;
  /**
   * Where it learns the certificate that a token is bound to (RFC 8705): from its TLS connections, which must ask for a
   * certificate and take any, or from a proxy's header. Default false: it accepts no such token.
   */
  readonly mtls?: false | 'tls' | CertificateHeader;
}

/** The guarded request that the battery fires. */
export interface RequestUnderTest {
  readonly method: string;
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Whether a status means that the token was accepted. Default: 2xx. */
  readonly accepted?: (status: number) => boolean;
}

interface CommonOptions {
  /** Names the suite. Default: the request. */
  readonly name?: string;
  readonly request: RequestUnderTest;
  /** The audience that the service demands. */
  readonly audience: string;
  /** Every scope that the route demands. */
  readonly scopes: readonly [string, ...string[]];
  /** The client that valid tokens are for. Default `test-client`. */
  readonly clientId?: string;
  /** The dialect that the service reads. Default `auth0`. */
  readonly dialect?: Dialect;
  /** The algorithms that the service accepts, one key each. Default `['RS256']`. */
  readonly algorithms?: readonly [SigningAlgorithm, ...SigningAlgorithm[]];
  /** What the service can do beyond bearer tokens. Default: discovery alone. */
  readonly abilities?: ServiceAbilities;
  /** Whether bodies carry Countersign's `code`. Default true; false checks statuses and challenges only. */
  readonly expectCodes?: boolean;
  /** Ids of cases to leave out, for what a service does not claim. */
  readonly skip?: readonly string[];
}

/** The battery starts the service, many times, each time against an issuer of its own. */
export interface StartedService extends CommonOptions {
  readonly start: (issuer: LoopbackIssuer) => Promise<ServiceUnderTest>;
  readonly baseUrl?: undefined;
  readonly issuer?: undefined;
}

/** The service already runs and trusts an issuer that already runs; cases with a service of their own are left out. */
export interface RunningServiceOptions extends CommonOptions {
  readonly baseUrl: string | (() => string | Promise<string>);
  readonly issuer: LoopbackIssuer | (() => LoopbackIssuer | Promise<LoopbackIssuer>);
  /** Who vouches for its certificate, PEM, where it listens on TLS. */
  readonly ca?: string;
  readonly start?: undefined;
}

/** Options of {@link runAuthConformance}. */
export type AuthConformanceOptions = StartedService | RunningServiceOptions;
