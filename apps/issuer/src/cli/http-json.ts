import { request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import { CliError } from './cli.error.js';

/** Longest wait for an answer, in milliseconds, and largest answer, in bytes. */
const timeout = 10_000;
const maxAnswer = 10_485_760;

/** One request of the command line. */
export interface JsonRequest {
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** CA of a self-signed issuer, as PEM. */
  readonly ca?: string | undefined;
}

/** What came back. */
export interface JsonAnswer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  /** `undefined` where there is none. */
  readonly body: unknown;
}

/**
 * Sends one request and reads JSON.
 *
 * @throws {@link CliError} `issuer_unreachable` or `answer_malformed`
 */
export async function httpJson({ method, url, headers, body, ca }: JsonRequest): Promise<JsonAnswer> {
  const signal = AbortSignal.timeout(timeout);
  try {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const options = { method, headers: { ...headers }, signal, agent: false as const };
      const outgoing = url.startsWith('https:')
        ? requestHttps(url, { ...options, ...(ca !== undefined && { ca }) }, resolve)
        : requestHttp(url, options, resolve);
      outgoing.on('error', reject).end(body);
    });
    const text = await read(response);
    return { status: response.statusCode ?? 0, headers: response.headers, body: parse(text, url) };
  } catch (error) {
    if (error instanceof CliError) throw error;
    const { code = 'no answer' } = error as NodeJS.ErrnoException;
    const message =
      `${new URL(url).origin} does not answer (${code}). Start the issuer with npm start or node apps/issuer/dist/main.js, ` +
      'or set ISSUER_URL to where it listens. npx nx run issuer:doctor tells more.';
    throw new CliError('issuer_unreachable', message, { cause: error });
  }
}

async function read(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxAnswer) throw new CliError('answer_malformed', 'The issuer answered more than 10 MB.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parse(text: string, url: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    const message = `${new URL(url).origin} answers no JSON: it is another server. Set ISSUER_URL to the issuer.`;
    throw new CliError('answer_malformed', message, { cause: error });
  }
}
