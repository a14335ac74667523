import { M2mError } from '../errors/m2m-error.js';
import type { Connection } from '../http/connection.js';

/** What becomes of the body of an answer. */
export interface BodyWatch {
  /** The body came to its end, was let go, or failed. */
  end(): void;
  /** The error to show in place of one that came up while the body was read. */
  failure(error: unknown): unknown;
}

/**
 * The same answer with a body that is no longer than the connection allows, and that tells when it ends.
 *
 * @throws M2mError `response_too_large` where the answer says itself that it is
 */
export function boundedResponse(response: Response, connection: Connection, watch: BodyWatch): Response {
  const { body, status, statusText, headers, url } = response;
  if (body === null) {
    watch.end();
    return response;
  }
  if (Number(headers.get('content-length')) > connection.maxResponseBytes) {
    void body.cancel().catch(() => undefined);
    throw tooLarge(connection);
  }
  const bounded = new Response(boundedBody(body, connection, watch), { status, statusText, headers });
  return Object.defineProperty(bounded, 'url', { value: url, enumerable: true });
}

function boundedBody(
  body: ReadableStream<Uint8Array>,
  connection: Connection,
  watch: BodyWatch,
): ReadableStream<Uint8Array> {
  const reader: ReadableStreamDefaultReader<Uint8Array> = body.getReader();
  let size = 0;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await reader.read();
          if (done) {
            watch.end();
            controller.close();
            return;
          }
          size += value.byteLength;
          if (size > connection.maxResponseBytes) throw tooLarge(connection);
          controller.enqueue(value);
        } catch (error) {
          watch.end();
          void reader.cancel().catch(() => undefined);
          controller.error(watch.failure(error));
        }
      },
      cancel(reason) {
        watch.end();
        return reader.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
}

const tooLarge = ({ name, maxResponseBytes, request: { audience } }: Connection): M2mError =>
  new M2mError(
    'response_too_large',
    `The answer of ${name} is larger than ${maxResponseBytes} bytes. Ask for less, or raise maxResponseBytes of the connection.`,
    { audience },
  );
