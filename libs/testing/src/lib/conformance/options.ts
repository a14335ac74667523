import { type LoopbackIssuer } from '../issuer/loopback-issuer.js';
import { type SigningAlgorithm } from '../keys/signing-key.js';
import { type Dialect } from '../tokens/dialect.js';

/** A service that runs and trusts the battery's issuer. */
export interface ServiceUnderTest {
  /** Where it listens, such as `http://127.0.0.1:4101`. */
  readonly baseUrl: string;
  /** Stops it. */
  close(): Promise<unknown>;
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
  /** Whether bodies carry Countersign's `code`. Default true; false checks statuses and challenges only. */
  readonly expectCodes?: boolean;
  /** Ids of cases to leave out, for what a service does not claim. */
  readonly skip?: readonly string[];
}

/** The battery starts the service, more than once, each time against an issuer of its own. */
export interface StartedService extends CommonOptions {
  readonly start: (issuer: LoopbackIssuer) => Promise<ServiceUnderTest>;
  readonly baseUrl?: undefined;
  readonly issuer?: undefined;
}

/** The service already runs and trusts an issuer that already runs; the cold-start cases are left out. */
export interface RunningServiceOptions extends CommonOptions {
  readonly baseUrl: string | (() => string | Promise<string>);
  readonly issuer: LoopbackIssuer | (() => LoopbackIssuer | Promise<LoopbackIssuer>);
  readonly start?: undefined;
}

/** Options of {@link runAuthConformance}. */
export type AuthConformanceOptions = StartedService | RunningServiceOptions;
