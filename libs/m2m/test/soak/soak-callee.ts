import { listen } from '../support/http-server.js';
import type { SoakIssuer } from './soak-issuer.js';

/** How a callee goes wrong. */
export type CalleeFault = 'cut' | 'hang' | 'status 500' | 'refuses every token' | 'lacks a scope';

/** What a callee has seen that must never be. */
export interface CalleeFindings {
  calls: number;
  /** Calls without a bearer token. */
  unauthenticated: number;
  /** Tokens that nobody issued, or that are for another audience, or that ended more than a second ago. */
  wrong: number;
  /** Tokens that ended on the way. */
  ended: number;
}

/** A callee that looks at each token. */
export interface SoakCallee {
  readonly url: string;
  readonly audience: string;
  readonly findings: CalleeFindings;
  fault: CalleeFault | undefined;
  close(): Promise<void>;
}

const onTheWay = 1_000;

export async function startSoakCallee(audience: string, issuer: SoakIssuer): Promise<SoakCallee> {
  const findings: CalleeFindings = { calls: 0, unauthenticated: 0, wrong: 0, ended: 0 };
  const server = await listen((request, response) => {
    response.on('error', () => undefined);
    request.on('error', () => undefined).resume();
    const verdict = lookAt(request.headers.authorization);
    const { fault } = callee;
    if (fault === 'cut') return void request.socket.destroy();
    if (fault === 'hang') return;
    if (fault === 'status 500') return void response.writeHead(500).end('{}');
    if (fault === 'lacks a scope')
      return void response
        .writeHead(403, { 'www-authenticate': 'Bearer error="insufficient_scope", scope="read:stock"' })
        .end('{}');
    if (!verdict || fault === 'refuses every token')
      return void response.writeHead(401, { 'www-authenticate': 'Bearer error="invalid_token"' }).end('{}');
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"ok":true}');
  });
  /** Whether the token is good; takes note of what must never be. */
  const lookAt = (authorization = ''): boolean => {
    findings.calls++;
    const [, value] = /^Bearer (\S+)$/.exec(authorization) ?? [];
    if (value === undefined) {
      findings.unauthenticated++;
      return false;
    }
    const token = issuer.issued.get(value);
    const late = performance.now() - (token?.endsAt ?? 0);
    if (token?.audience !== audience || late > onTheWay) findings.wrong++;
    else if (late > 0) findings.ended++;
    return token?.audience === audience && late <= 0;
  };
  const callee: SoakCallee = {
    url: server.url,
    audience,
    findings,
    fault: undefined,
    close: () => server.close(),
  };
  return callee;
}
