import { ResponseTooLargeError } from './response-too-large-error.js';

const maxBytes = 65_536;

/** Sends one request; `fetch`, or what stands in for it where a client certificate is presented. */
export type Send = (url: string, init: RequestInit) => Promise<Response>;

/**
 * A request that follows no redirect and reads the whole answer, body included, within the signal's deadline and 64 KiB.
 *
 * @param send default `fetch`
 * @throws ResponseTooLargeError, the signal's reason, or what `send` throws
 */
export async function boundedFetch(
  url: string,
  init: RequestInit,
  signal: AbortSignal,
  send: Send = fetch,
): Promise<Response> {
  const response = await send(url, { ...init, signal, redirect: 'manual' });
  const body = await readBounded(response, signal);
  const { status, headers } = response;
  const bodiless = status === 204 || status === 205 || status === 304;
  return new Response(bodiless ? null : new Uint8Array(body), { status, headers });
}

async function readBounded({ body }: Response, signal: AbortSignal): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  const reader: ReadableStreamDefaultReader<Uint8Array> | undefined = body?.getReader();
  const cancel = () => void reader?.cancel().catch(() => undefined);
  signal.addEventListener('abort', cancel, { once: true });
  try {
    let size = 0;
    for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
      size += part.value.byteLength;
      if (size > maxBytes) throw new ResponseTooLargeError(maxBytes);
      chunks.push(part.value);
    }
    signal.throwIfAborted();
  } finally {
    signal.removeEventListener('abort', cancel);
    cancel();
  }
  return Buffer.concat(chunks);
}
