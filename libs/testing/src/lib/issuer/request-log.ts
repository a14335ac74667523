import { AssertionError } from 'node:assert';
import { type Endpoint } from './faults/fault.js';

/** A token request as it came, without the credentials. */
export interface ReceivedTokenRequest {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Every parameter but `client_secret`, `client_assertion`, `subject_token` and `actor_token`. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** How the client authenticated itself, whether or not it succeeded. */
  readonly authentication: ClientAuthenticationMethod;
  /** Whether there was a `DPoP` header. */
  readonly dpop: boolean;
}

/** Methods of client authentication (RFC 6749, section 2.3; RFC 7523; RFC 8705, section 2). */
export type ClientAuthenticationMethod =
  'client_secret_basic' | 'client_secret_post' | 'private_key_jwt' | 'tls_client_auth' | 'none';

/** How often each endpoint was asked, and with which token requests. */
export class RequestLog {
  readonly #counts: Record<Endpoint, number> = { discovery: 0, jwks: 0, token: 0 };
  readonly #tokenRequests: ReceivedTokenRequest[] = [];

  get counts(): Readonly<Record<Endpoint, number>> {
    return { ...this.#counts };
  }

  get tokenRequests(): readonly ReceivedTokenRequest[] {
    return [...this.#tokenRequests];
  }

  count(endpoint: Endpoint): void {
    this.#counts[endpoint] += 1;
  }

  addTokenRequest(request: ReceivedTokenRequest): void {
    this.#tokenRequests.push(request);
  }

  clear(): void {
    Object.assign(this.#counts, { discovery: 0, jwks: 0, token: 0 });
    this.#tokenRequests.length = 0;
  }

  /** @throws AssertionError with the counts of all endpoints */
  expect(endpoint: Endpoint, expected: number): void {
    const actual = this.#counts[endpoint];
    if (actual === expected) return;
    throw new AssertionError({
      message: `Expected ${expected} requests to ${endpoint}, counted ${actual}. In all: ${JSON.stringify(this.#counts)}`,
      actual,
      expected,
      operator: 'expectRequests',
    });
  }
}
