import { type PublicJwk } from '../keys/signing-key.js';

/** The endpoints of the loopback issuer that can be made to fail. */
export type Endpoint = 'discovery' | 'jwks' | 'token';

/** Faults that any endpoint can show. */
export type TransportFault =
  /** A status with an optional body and headers: `{ kind: 'status', status: 500 }`. */
  | { kind: 'status'; status: number; body?: string; headers?: Record<string, string> }
  /** 429 with `Retry-After`: seconds as a number, or any text such as an HTTP date. */
  | { kind: 'rate-limited'; retryAfter?: number | string }
  /** Accepts the request and never answers. */
  | { kind: 'hang' }
  /** Answers as it should, after so many milliseconds. */
  | { kind: 'slow'; delayMs: number }
  /** Sends the right body one byte at a time; default one every 50 ms. */
  | { kind: 'drip'; intervalMs?: number }
  /** Announces the whole body, sends half of it, and closes the connection. */
  | { kind: 'truncated' }
  /** Closes the connection without an answer. */
  | { kind: 'disconnect' }
  /** 200 with an HTML page, as a captive portal or a proxy sends it. */
  | { kind: 'html' }
  /** 200 with a body that is not JSON, announced as JSON. */
  | { kind: 'not-json' }
  /** 200 with a JSON body of so many bytes; default 16 MiB. */
  | { kind: 'huge'; bytes?: number }
  /** A redirect; default 302 to another path of the issuer that would answer correctly. */
  | { kind: 'redirect'; status?: 301 | 302 | 303 | 307 | 308; location?: string }
  /** 200 with this JSON body in place of the right one. */
  | { kind: 'json'; body: unknown };

/** Faults of the key-set endpoint. */
export type JwksFault =
  /** 200 with `{ "keys": [] }`. */
  | { kind: 'empty-set' }
  /** 200 with these keys in place of the issuer's own. */
  | { kind: 'keys'; keys: readonly (PublicJwk | Record<string, unknown>)[] };

/** Faults of the token endpoint. */
export type TokenFault =
  /** An OAuth error answer (RFC 6749, section 5.2); default status 400. */
  | { kind: 'oauth-error'; error: string; description?: string; status?: number }
  /** The token that was handed out last, again and again, with what is left of its lifetime. */
  | { kind: 'same-token' }
  /** `expires_in` replaced by any JSON value, or left out when `value` is `undefined`. */
  | { kind: 'expires-in'; value: unknown }
  /** The token's own `iat` and `exp` shifted by so many seconds, as from an issuer whose clock is off. */
  | { kind: 'skew'; seconds: number }
  /** A token of this scope, whatever was asked for. */
  | { kind: 'scope'; scope: string | undefined }
  /** Another `token_type`. */
  | { kind: 'token-type'; value: unknown }
  /** A success answer without `access_token`. */
  | { kind: 'no-token' }
  /** 400 `use_dpop_nonce` with this nonce until a proof carries it (RFC 9449, section 8). */
  | { kind: 'dpop-nonce'; nonce: string };

/** What an endpoint can be told to do. */
export interface Faults {
  discovery: TransportFault;
  jwks: TransportFault | JwksFault;
  token: TransportFault | TokenFault;
}

/** Any fault. */
export type Fault = Faults[Endpoint];
