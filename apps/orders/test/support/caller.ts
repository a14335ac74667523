/** An answer, read. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
  /** `code` of the body, where it has one. */
  readonly code: unknown;
  readonly headers: Headers;
}

/** Options of {@link call}. */
export interface CallOptions {
  readonly token?: string;
  /** Sent as JSON; a string is sent as it is. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Sends one request as a client of the service would. */
export async function call(method: string, url: string, options: CallOptions = {}): Promise<Answer> {
  const { token, body, headers } = options;
  const response = await fetch(url, {
    method,
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    redirect: 'manual',
    signal: AbortSignal.timeout(15_000),
  });
  const text = await response.text();
  const parsed: unknown =
    text && response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : text;
  return {
    status: response.status,
    body: parsed,
    code: (parsed as { code?: unknown }).code,
    headers: response.headers,
  };
}
