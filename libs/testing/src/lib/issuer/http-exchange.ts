import { type ServerResponse } from 'node:http';

/** An answer before it is written, so that a fault can spoil it on the way. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A JSON answer that no cache keeps unless its headers say otherwise. */
export function json(status: number, body: unknown, headers: Record<string, string> = {}): Answer {
  return {
    status,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers },
    body: JSON.stringify(body),
  };
}

/** An error answer of the OAuth kind (RFC 6749, section 5.2). */
export function oauthError(status: number, error: string, description?: string): Answer {
  return json(status, { error, error_description: description });
}

/** Sends an answer in one piece. */
export function send(response: ServerResponse, answer: Answer): void {
  response.writeHead(answer.status, {
    ...answer.headers,
    'content-length': String(Buffer.byteLength(answer.body)),
  });
  response.end(answer.body);
}
