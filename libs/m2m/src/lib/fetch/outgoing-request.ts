import type { Connection } from '../http/connection.js';
import { pinnedUrl } from '../http/pinned-url.js';
import { broughtByHeaders, refuseOwnCredentials } from '../http/refuse-own-credentials.js';
import { isReplayable } from '../http/replayable.js';
import type { M2mFetchInit } from './m2m-fetch.js';

/** A request that was checked: where it goes and what it says, without credentials. */
export interface OutgoingRequest {
  readonly url: URL;
  readonly method: string;
  readonly headers: Headers;
  readonly body: NonNullable<RequestInit['body']> | null;
  readonly signal: AbortSignal | undefined;
  /** Whether the body can be sent twice. */
  readonly replayable: boolean;
}

const absolute = /^([a-z][a-z\d+.-]*:)?\/\//i;

/**
 * Reads what `fetch` was given. Options that have no meaning here (`redirect`, `credentials`, `mode` …) are left
 * out, and so is `Content-Length`, which the body alone decides.
 *
 * @throws M2mError `origin_mismatch`, `connection_misconfigured`
 */
export function outgoingRequest(
  input: string | URL | Request,
  init: M2mFetchInit,
  connection: Connection,
): OutgoingRequest {
  const given = input instanceof Request ? input : undefined;
  const url = pinnedUrl(addressOf(input, connection), connection);
  const headers = new Headers(init.headers ?? given?.headers);
  const detour =
    'dispatcher' in init && init.dispatcher ? 'a way of its own to the server (dispatcher)' : undefined;
  refuseOwnCredentials(broughtByHeaders(headers.keys()) ?? detour, connection);
  headers.delete('content-length');
  const body = init.body ?? given?.body ?? null;
  return {
    url,
    method: (init.method ?? given?.method ?? 'GET').toUpperCase(),
    headers,
    body,
    signal: init.signal ?? given?.signal ?? undefined,
    replayable: canBeSentTwice(body),
  };
}

function addressOf(input: string | URL | Request, { base }: Connection): string {
  if (input instanceof Request) return input.url;
  if (input instanceof URL) return input.href;
  if (absolute.test(input)) return input;
  if (input === '') return base.href;
  const joint = /^[/?]/.test(input) ? '' : '/';
  return `${base.href.replace(/\/+$/, '')}${joint}${input}`;
}

const canBeSentTwice = (body: unknown): boolean =>
  isReplayable(body) || body instanceof URLSearchParams || body instanceof Blob || body instanceof FormData;
