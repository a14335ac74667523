import { nodeFetch } from '../engine/node-fetch.js';
import { M2mError } from '../errors/m2m-error.js';
import { actingConnection } from '../exchange/acting-connection.js';
import { CallDeadline } from '../http/call-deadline.js';
import type { Connection } from '../http/connection.js';
import type { Credentials } from '../http/credentials.js';
import { redirectRefused } from '../http/redirect-refused.js';
import { sendWithToken } from '../http/send-with-token.js';
import type { TokenSource } from '../http/token-source.js';
import type { SenderBinding } from '../sender/sender-binding.js';
import { fetchIsInstrumented, passTraceOn } from '../telemetry/trace-headers.js';
import { boundedResponse } from './bounded-response.js';
import type { M2mFetch } from './m2m-fetch.js';
import { type OutgoingRequest, outgoingRequest } from './outgoing-request.js';

/** A `fetch` every request of which carries the connection's token, by the rules of the connection's `HttpService`. */
export function createFetch(own: Connection, tokens: TokenSource, sender: SenderBinding): M2mFetch {
  return async (input, init = {}) => {
    const connection = actingConnection(own, init.onBehalfOf);
    const request = outgoingRequest(input, init, connection);
    const { url, method, headers, replayable, signal } = request;
    if (!fetchIsInstrumented()) passTraceOn(headers);
    const deadline = new CallDeadline(
      { ...(init.timeout !== undefined && { timeout: init.timeout }), ...(signal && { signal }) },
      connection,
    );
    const failure = (error: unknown) => failureOf(error, request, deadline, connection);
    const end = () => deadline.end();
    try {
      const response = await sendWithToken(connection, tokens, sender, deadline, {
        method,
        url,
        replayable,
        send: (credentials) => send(request, credentials, deadline.signal.native),
        status: ({ status }) => status,
        header: ({ headers }, name) => headers.get(name),
        discard,
      });
      const refused = redirectRefused(response.status, connection);
      if (refused) {
        discard(response);
        throw refused;
      }
      return boundedResponse(response, connection, { end, failure });
    } catch (error) {
      end();
      throw failure(error);
    }
  };
}

/** Sends what was checked, to the URL that was checked, and follows no redirect. */
function send(
  { url, method, headers, body }: OutgoingRequest,
  { authorization, dpop, agent }: Credentials,
  signal: AbortSignal,
): Promise<Response> {
  headers.set('authorization', authorization);
  if (dpop !== undefined) headers.set('dpop', dpop);
  const streamed = body instanceof ReadableStream && { duplex: 'half' as const };
  const init: RequestInit = { method, headers, body, signal, redirect: 'manual', ...streamed };
  return agent ? nodeFetch(agent)(url.href, init) : fetch(url.href, init);
}

function discard({ body }: Response): void {
  void body?.cancel().catch(() => undefined);
}

function failureOf(
  error: unknown,
  { signal }: OutgoingRequest,
  deadline: CallDeadline,
  { name, request: { audience } }: Connection,
): unknown {
  if (signal?.aborted) return signal.reason;
  if (deadline.signal.aborted) return deadline.signal.reason;
  if (error instanceof M2mError || isMisuse(error)) return error;
  return new M2mError(
    'callee_unreachable',
    `The call to ${name} failed (${reasonOf(error)}). Look whether ${name} runs and its base URL is right.`,
    { audience },
  );
}

/** What `fetch` throws for a request that cannot be sent, such as a GET with a body. */
const isMisuse = (error: unknown): boolean => error instanceof TypeError && error.cause === undefined;

/** Why a request failed, without anything of the request: the code of the system, or the name of the error. */
function reasonOf(error: unknown): string {
  const { code, name, cause } = error as { code?: unknown; name?: unknown; cause?: { code?: unknown } };
  return [cause?.code, code, name].find((reason) => typeof reason === 'string') ?? 'unknown reason';
}
