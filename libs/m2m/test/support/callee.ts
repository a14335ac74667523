import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { bodyOf, listen } from './http-server.js';

export interface SeenCall {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A callee that remembers its calls and answers as a test wants. */
export interface TestCallee {
  readonly url: string;
  readonly calls: SeenCall[];
  answer: (call: SeenCall, response: ServerResponse, index: number) => void;
  close(): Promise<void>;
}

export async function startCallee(): Promise<TestCallee> {
  const calls: SeenCall[] = [];
  const server = await listen((request, response) => {
    void bodyOf(request).then(
      (body) => {
        const call = {
          method: request.method ?? '',
          path: request.url ?? '',
          headers: request.headers,
          body,
        };
        calls.push(call);
        callee.answer(call, response, calls.length - 1);
      },
      () => undefined,
    );
  });
  const callee: TestCallee = {
    url: server.url,
    calls,
    answer: (_call, response) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"ok":true}'),
    close: () => server.close(),
  };
  return callee;
}

export const refuse =
  (status: number, challenge?: string, body: unknown = { code: 'refused' }) =>
  (_call: SeenCall, response: ServerResponse): void => {
    response
      .writeHead(status, {
        'content-type': 'application/json',
        ...(challenge && { 'www-authenticate': challenge }),
      })
      .end(JSON.stringify(body));
  };
