import { Readable } from 'node:stream';
import { AxiosError, AxiosHeaders, type AxiosResponse, type InternalAxiosRequestConfig } from 'axios';

/** What was sent, for the record: method and URL without its query, no headers, no body. */
export function cleanConfig({ method, url }: InternalAxiosRequestConfig): InternalAxiosRequestConfig {
  const clean: InternalAxiosRequestConfig = { headers: new AxiosHeaders() };
  if (method !== undefined) clean.method = method;
  if (url !== undefined) clean.url = withoutQuery(url);
  return clean;
}

function withoutQuery(url: string): string {
  const end = url.search(/[?#]/);
  return end === -1 ? url : url.slice(0, end);
}

/** A response without the request that it answers, in which the token is. */
export function cleanResponse(
  response: AxiosResponse<unknown>,
  config: InternalAxiosRequestConfig,
): AxiosResponse {
  const { status, statusText, headers, data } = response;
  if (data instanceof Readable) failCleanly(data, response, config);
  if (isMessage(data))
    Object.defineProperty(data, 'req', { value: data.req, enumerable: false, writable: true });
  return { status, statusText, headers, data, config: cleanConfig(config) };
}

/** What is used of the request under an answer of the http adapter. */
interface Answered {
  readonly request?: { destroy?(): void };
}

/** Lets go of a streamed body and its connection, which the stream of axios keeps where nobody has begun to read. */
export function letGo(body: Readable, { request }: Answered, error?: Error): void {
  const over = body.readableEnded;
  Readable.prototype.destroy.call(body, error);
  if (!over) request?.destroy?.();
}

/** Makes a streamed body fail without the request that it answers: axios puts that into the errors of its stream. */
function failCleanly(body: Readable, answered: Answered, config: InternalAxiosRequestConfig): void {
  body.destroy = (error) => {
    letGo(body, answered, error instanceof AxiosError ? cleanError(error, config) : error);
    return body;
  };
}

/** A streamed body of the http adapter, which knows the request it answers. */
const isMessage = (data: unknown): data is { req: unknown } =>
  typeof data === 'object' && data !== null && 'req' in data && 'pipe' in data;

/** An axios error made anew: same message, code, status and answer; no request, no headers, no body of what was sent. */
export function cleanError(error: AxiosError, config: InternalAxiosRequestConfig): AxiosError {
  const response = error.response && cleanResponse(error.response, config);
  const clean = new AxiosError(error.message, error.code, cleanConfig(config), undefined, response);
  clean.name = error.name;
  if (response) clean.status = response.status;
  return clean;
}
