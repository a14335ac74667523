import { type JsonObject, parseJsonObject } from '../verifier/json/strict-json.js';

/** Why an answer of an issuer is of no use. */
export class KeyFetchError extends Error {
  override readonly name = 'KeyFetchError';
}

/** How one document is fetched. */
export interface FetchBounds {
  /** Ends the whole fetch, body included. */
  readonly signal: AbortSignal;
  /** The largest body that is read, in bytes, after decompression. */
  readonly maxBytes: number;
}

const BOUNDS = { maxDepth: 16, maxMembers: 20_000 };

/**
 * Fetches one JSON object: status 200, no redirect, bounded in time and size.
 *
 * @throws KeyFetchError, or the reason of the signal
 */
export async function fetchJson(url: string, { signal, maxBytes }: FetchBounds): Promise<JsonObject> {
  const response = await request(url, signal);
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new KeyFetchError(`${describe(url)} answered ${response.status}`);
  }
  const body = await readBody(response, url, maxBytes);
  try {
    return parseJsonObject(body, BOUNDS);
  } catch (cause) {
    throw new KeyFetchError(`${describe(url)} answered no valid JSON object`, { cause });
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
    if (signal.aborted) throw error;
    const { code, message } = ((error as Error).cause ?? {}) as { code?: string; message?: string };
    const reason = code ?? message ?? 'no answer';
    throw new KeyFetchError(`${describe(url)} cannot be reached (${reason})`, { cause: error });
  }
}

async function readBody(response: Response, url: string, maxBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    const bytes = chunk as Uint8Array;
    size += bytes.byteLength;
    if (size > maxBytes) throw new KeyFetchError(`${describe(url)} answered more than ${maxBytes} bytes`);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks, size);
}

/** A URL without its query, which may hold a secret. */
function describe(url: string): string {
  const { origin, pathname } = new URL(url);
  return origin + pathname;
}
