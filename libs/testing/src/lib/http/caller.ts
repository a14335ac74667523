/** An answer, read whole. */
export interface ApiAnswer {
  readonly status: number;
  /** Parsed where the answer says that it is JSON; else the text. */
  readonly body: unknown;
  /** `code` of the body, where it has one. */
  readonly code: unknown;
  readonly headers: Headers;
}

/** What a {@link Caller} sends. */
export interface CallOptions {
  /** Sent as a bearer token. */
  readonly token?: string;
  /** Sent as JSON; a string is sent as it is. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Milliseconds until the call is given up. Default 20,000. */
  readonly timeout?: number;
}

/** Sends one request. Redirects are not followed. */
export type Caller = (method: string, path: string, options?: CallOptions) => Promise<ApiAnswer>;

const defaultTimeout = 20_000;

/**
 * A client of one service, as a test needs it: no status is an error, and the body has been read.
 *
 * @param baseUrl such as `http://127.0.0.1:4101`, or a function that names it once the service listens
 * @example
 * const call = callerOf(() => orders.url);
 * expect(await call('GET', '/orders', { token })).toMatchObject({ status: 403, code: 'scope_missing' });
 */
export function callerOf(baseUrl: string | (() => string)): Caller {
  return async (method, path, options = {}) => {
    const base = typeof baseUrl === 'string' ? baseUrl : baseUrl();
    return readAnswer(await fetch(`${base}${path}`, requestInit(method, options)));
  };
}

function requestInit(method: string, { token, body, headers, timeout }: CallOptions): RequestInit {
  return {
    method,
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    redirect: 'manual',
    signal: AbortSignal.timeout(timeout ?? defaultTimeout),
  };
}

async function readAnswer(response: Response): Promise<ApiAnswer> {
  const text = await response.text();
  const isJson = /[/+]json\b/.test(response.headers.get('content-type') ?? '');
  const body: unknown = text && isJson ? JSON.parse(text) : text;
  return { status: response.status, body, code: codeOf(body), headers: response.headers };
}

function codeOf(body: unknown): unknown {
  return typeof body === 'object' && body !== null && 'code' in body ? body.code : undefined;
}
