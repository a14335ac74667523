import { type ServerResponse } from 'node:http';
import { json, send, type Answer } from './http-exchange.js';
import { type TransportFault } from './fault.js';

const mebibyte = 1024 * 1024;

/** A page as a captive portal or a proxy sends it. */
export const htmlPage =
  '<!doctype html><html><head><title>Welcome</title></head><body>Please sign in.</body></html>';

/** Whether the right answer never gets made: the request is refused, redirected or lost before it is handled. */
export function replacesAnswer(fault: TransportFault): boolean {
  return fault.kind !== 'slow' && fault.kind !== 'drip' && fault.kind !== 'truncated';
}

function drip(response: ServerResponse, answer: Answer, intervalMs: number): void {
  const bytes = Buffer.from(answer.body);
  response.writeHead(answer.status, { ...answer.headers, 'content-length': String(bytes.length) });
  let sent = 0;
  const timer = setInterval(() => {
    response.write(bytes.subarray(sent, ++sent));
    if (sent >= bytes.length) {
      clearInterval(timer);
      response.end();
    }
  }, intervalMs);
  response.once('close', () => clearInterval(timer));
}

function truncate(response: ServerResponse, answer: Answer): void {
  const bytes = Buffer.from(answer.body);
  response.writeHead(answer.status, { ...answer.headers, 'content-length': String(bytes.length) });
  response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => response.destroy());
}

function huge(bytes: number): Answer {
  return json(200, { keys: [], filler: 'x'.repeat(Math.max(0, bytes - 24)) });
}

/**
 * Spoils an answer on its way out.
 *
 * @param detour the address that a redirect points at by default: one that answers correctly
 */
export function sendFaulty(
  response: ServerResponse,
  answer: Answer,
  fault: TransportFault,
  detour: string,
): void {
  switch (fault.kind) {
    case 'status':
      return send(response, {
        status: fault.status,
        headers: { 'content-type': 'text/plain', ...fault.headers },
        body: fault.body ?? '',
      });
    case 'rate-limited': {
      const retryAfter: Record<string, string> =
        fault.retryAfter === undefined ? {} : { 'retry-after': String(fault.retryAfter) };
      return send(
        response,
        json(429, { error: 'too_many_requests', error_description: 'Client quota exceeded' }, retryAfter),
      );
    }
    case 'hang':
      return;
    case 'slow': {
      const timer = setTimeout(() => send(response, answer), fault.delayMs);
      response.once('close', () => clearTimeout(timer));
      return;
    }
    case 'drip':
      return drip(response, answer, fault.intervalMs ?? 50);
    case 'truncated':
      return truncate(response, answer);
    case 'disconnect':
      response.destroy();
      return;
    case 'html':
      return send(response, { status: 200, headers: { 'content-type': 'text/html' }, body: htmlPage });
    case 'not-json':
      return send(response, {
        status: 200,
        headers: { 'content-type': 'application/json' },
        body: '{"keys": [',
      });
    case 'huge':
      return send(response, huge(fault.bytes ?? 16 * mebibyte));
    case 'redirect':
      return send(response, {
        status: fault.status ?? 302,
        headers: { location: fault.location ?? detour },
        body: '',
      });
    case 'json':
      return send(response, json(200, fault.body));
  }
}
