import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { bodyOf, listen } from '../support/http-server.js';
import type { SeededRandom } from './random.js';

/** How the token endpoint goes wrong. */
export type IssuerFault = 'cut' | 'hang' | 'status 500' | 'status 429' | 'not json';

/** A token that was issued. Times in milliseconds of `performance.now()`. */
export interface IssuedToken {
  readonly audience: string;
  readonly endsAt: number;
}

/** An authorization server whose tokens live for seconds, and that remembers each. */
export interface SoakIssuer {
  readonly issuer: string;
  readonly issued: ReadonlyMap<string, IssuedToken>;
  readonly mints: number;
  fault: IssuerFault | undefined;
  close(): Promise<void>;
}

const shortest = 3;
const longest = 8;
/** For how long an ended token is remembered, in milliseconds. */
const memory = 60_000;

export async function startSoakIssuer(random: SeededRandom): Promise<SoakIssuer> {
  const issued = new Map<string, IssuedToken>();
  let mints = 0;
  const hanging = new Set<ServerResponse>();
  const server = await listen((request, response) => {
    response.on('error', () => undefined);
    const { fault } = soakIssuer;
    if (fault === 'cut') return void request.socket.destroy();
    if (fault === 'hang') return void hanging.add(response);
    if (fault === 'status 500') return void response.writeHead(500).end('{}');
    if (fault === 'status 429')
      return void response.writeHead(429, { 'retry-after': '1' }).end('{"error":"too_many_requests"}');
    if (fault === 'not json') return void response.writeHead(200).end('<!doctype html>');
    void bodyOf(request).then(
      (body) => {
        const audience = new URLSearchParams(body).get('audience') ?? '';
        const seconds = Math.round(random.between(shortest, longest));
        const value = `tok.${randomBytes(24).toString('hex')}`;
        const now = performance.now();
        mints++;
        issued.set(value, { audience, endsAt: now + seconds * 1000 });
        for (const [old, { endsAt }] of issued) if (endsAt + memory < now) issued.delete(old);
        response
          .writeHead(200, { 'content-type': 'application/json' })
          .end(JSON.stringify({ access_token: value, token_type: 'Bearer', expires_in: seconds }));
      },
      () => undefined,
    );
  });
  const soakIssuer: SoakIssuer = {
    issuer: `${server.url}/`,
    issued,
    get mints() {
      return mints;
    },
    fault: undefined,
    close: () => {
      for (const response of hanging) response.destroy();
      return server.close();
    },
  };
  return soakIssuer;
}
