import { type JsonObject, parseJsonObject } from '../verifier/json/strict-json.js';

/** Why an answer of an issuer is of no use: the address that was asked, and what came back. */
export class KeyFetchError extends Error {
  override readonly name = 'KeyFetchError';
}

/** How one document is fetched. */
export interface FetchBounds {
  /** Ends the whole fetch, body included. Its reason says what the issuer did, such as `did not answer within 3000 ms`. */
  readonly signal: AbortSignal;
  /** The largest body that is read, in bytes, after decompression. */
  readonly maxBytes: number;
}

const BOUNDS = { maxDepth: 16, maxMembers: 20_000 };

/**
 * Fetches one JSON object: status 200, no redirect, bounded in time and size.
 *
 * @throws KeyFetchError
 */
export async function fetchJson(url: string, bounds: FetchBounds): Promise<JsonObject> {
  try {
    return await read(url, bounds);
  } catch (error) {
    if (!bounds.signal.aborted) throw error;
    const reason: unknown = bounds.signal.reason;
    const why = reason instanceof Error ? reason.message : 'was given up';
    throw new KeyFetchError(`${withoutQuery(url)} ${why}`, { cause: error });
  }
}

async function read(url: string, { signal, maxBytes }: FetchBounds): Promise<JsonObject> {
  const response = await request(url, signal);
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new KeyFetchError(`${withoutQuery(url)} answered ${response.status}`);
  }
  const body = await readBody(response, url, maxBytes);
  try {
    return parseJsonObject(body, BOUNDS);
  } catch (cause) {
    throw new KeyFetchError(`${withoutQuery(url)} answered no valid JSON object`, { cause });
  }
}

async function request(url: string, signal: AbortSignal): Promise<Response> {
  try {
    return await fetch(url, {
      signal,
      redirect: 'manual',
      headers: { accept: 'application/json, application/jwk-set+json' },
    });
  } catch (error) {
    const { code, message } = ((error as Error).cause ?? {}) as { code?: string; message?: string };
    const reason = code ?? message ?? 'no answer';
    throw new KeyFetchError(`${withoutQuery(url)} cannot be reached (${reason})`, { cause: error });
  }
}

async function readBody(response: Response, url: string, maxBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    const bytes = chunk as Uint8Array;
    size += bytes.byteLength;
    if (size > maxBytes) throw new KeyFetchError(`${withoutQuery(url)} answered more than ${maxBytes} bytes`);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks, size);
}

/** A URL as it may be shown: its query may hold a secret. */
export function withoutQuery(url: string): string {
  const { origin, pathname } = new URL(url);
  return origin + pathname;
}
