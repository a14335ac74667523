import { randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { bodyOf, listen, type LoopbackServer } from './http-server.js';

/** One token request as the issuer saw it. */
export interface SeenTokenRequest {
  readonly headers: IncomingHttpHeaders;
  readonly form: URLSearchParams;
}

/** How the issuer answers one token request. */
export type Answer = (response: ServerResponse, seen: SeenTokenRequest) => void;

/** An authorization server whose every answer a test can choose. */
export interface TestIssuer {
  readonly issuer: string;
  readonly tokenUrl: string;
  readonly seen: SeenTokenRequest[];
  readonly tokens: string[];
  readonly discoveries: string[];
  /** Answers of the next token requests; after them it issues tokens. */
  readonly next: Answer[];
  /** Answers every token request, where it is set. */
  always: Answer | undefined;
  /** Metadata by path; default the same at both well-known paths. */
  metadata: ((path: string) => { status: number; body: unknown }) | undefined;
  close(): Promise<void>;
}

export const json =
  (status: number, body: unknown, headers: Record<string, string> = {}): Answer =>
  (response) =>
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));

export const token = (extra: Record<string, unknown> = {}, headers: Record<string, string> = {}): Answer =>
  json(
    200,
    {
      access_token: `tok.${randomBytes(24).toString('hex')}`,
      token_type: 'Bearer',
      expires_in: 3600,
      ...extra,
    },
    headers,
  );

export const hang: Answer = () => undefined;

export async function startIssuer(): Promise<TestIssuer> {
  const seen: SeenTokenRequest[] = [];
  const tokens: string[] = [];
  const discoveries: string[] = [];
  const next: Answer[] = [];
  const server: LoopbackServer = await listen((request, response) => {
    const path = request.url ?? '';
    if (path.includes('.well-known')) {
      discoveries.push(path);
      const { status, body } = issuer.metadata?.(path) ?? {
        status: 200,
        body: { issuer: issuer.issuer, token_endpoint: issuer.tokenUrl },
      };
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      return;
    }
    void bodyOf(request).then((body) => {
      const one = { headers: request.headers, form: new URLSearchParams(body) };
      seen.push(one);
      const answer = issuer.always ?? next.shift();
      if (answer) {
        answer(response, one);
        return;
      }
      const value = `tok.${randomBytes(24).toString('hex')}`;
      tokens.push(value);
      json(200, { access_token: value, token_type: 'Bearer', expires_in: 3600 })(response, one);
    });
  });
  const issuer: TestIssuer = {
    issuer: `${server.url}/`,
    tokenUrl: `${server.url}/oauth/token`,
    seen,
    tokens,
    discoveries,
    next,
    always: undefined,
    metadata: undefined,
    close: () => server.close(),
  };
  return issuer;
}
