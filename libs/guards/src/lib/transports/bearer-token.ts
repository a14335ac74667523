import { AuthError } from '../errors/auth-error.js';
import { type HttpRequest, receivedOf } from './http-request.js';

/** `b64token` of RFC 6750 §2.1, `token68` of RFC 9110 §11.2. */
const TOKEN68 = /^[A-Za-z0-9\-._~+/]+=*$/;
const FORM = 'application/x-www-form-urlencoded';
const NAME = 'authorization';

/**
 * The bearer token of a request, taken from the one `Authorization` header and from nowhere else (RFC 6750 §2.1).
 *
 * @throws AuthError `token_missing` (401) when the header is absent or speaks another scheme; `request_malformed`
 * (400) when there is more than one header, when it holds anything but one token, or when an `access_token` comes in
 * the query or the form as well
 */
export function bearerToken(request: HttpRequest): string {
  const token = bearerCredentials(request);
  assertOneToken(token);
  return token;
}

/**
 * Holds what follows `Bearer ` against the grammar of a token.
 *
 * @throws AuthError `request_malformed`
 */
export function assertOneToken(credentials: string): void {
  if (!TOKEN68.test(credentials))
    throw malformed('The request must hold one access token and nothing else beside it.');
}

/** Spaces alone part the scheme from the token (RFC 9110 §11.4). */
const withoutLeadingSpaces = (text: string): string =>
  text.startsWith(' ') ? text.replace(/^ +/, '') : text;

/**
 * What follows `Bearer ` in the one `Authorization` header, not yet held against the grammar: enough to recognise a
 * token that was verified before, which is byte for byte a well-formed one.
 *
 * @throws AuthError as {@link bearerToken} does
 */
export function bearerCredentials(request: HttpRequest): string {
  const { headers } = request;
  const header = headers[NAME];
  if (header === undefined) throw missing();
  if (typeof header !== 'string' || hasSecondHeader(request)) {
    throw malformed('There must be one Authorization header.');
  }
  const credentials = afterScheme(header);
  if (carriesSecondToken(request, headers)) {
    throw malformed('The access token must come in the Authorization header alone.');
  }
  return credentials;
}

/**
 * The token of a request whose `Authorization` header speaks the scheme `DPoP` (RFC 9449 §7.1).
 *
 * @throws AuthError `request_malformed` as {@link bearerToken} does
 */
export function dpopToken(request: HttpRequest): string {
  const { headers } = request;
  const header = headers[NAME];
  if (typeof header !== 'string' || hasSecondHeader(request)) {
    throw malformed('There must be one Authorization header.');
  }
  if (carriesSecondToken(request, headers)) {
    throw malformed('The access token must come in the Authorization header alone.');
  }
  const token = withoutLeadingSpaces(header.slice('DPoP'.length));
  assertOneToken(token);
  return token;
}

/**
 * What follows `Bearer ` in one credentials value, wherever that came from.
 *
 * @throws AuthError `token_missing` for another scheme, `request_malformed` for anything but one token
 */
export function afterScheme(header: string): string {
  if (header.startsWith('Bearer ')) return withoutLeadingSpaces(header.slice(7));
  const end = header.search(/[^!#$%&'*+\-.^_`|~0-9A-Za-z]/);
  const scheme = end === -1 ? header : header.slice(0, end);
  if (scheme.toLowerCase() !== 'bearer') {
    if (scheme === '' || /,\s*bearer\b/i.test(header)) {
      throw malformed('The Authorization header must hold one bearer token and nothing else.');
    }
    throw missing();
  }
  if (end === -1 || header[end] !== ' ') {
    throw malformed('The Authorization header must hold one bearer token and nothing else.');
  }
  return withoutLeadingSpaces(header.slice(end));
}

/**
 * The bearer token in the values of `authorization` in the headers or metadata of a message.
 *
 * @throws AuthError `token_missing` without a value, `request_malformed` with several
 */
export function bearerValue(values: readonly unknown[]): string {
  const [value] = values;
  if (value === undefined) throw missing();
  if (values.length > 1 || typeof value !== 'string') {
    throw malformed('There must be one authorization value in the metadata of the message.');
  }
  const token = afterScheme(value);
  assertOneToken(token);
  return token;
}

/** Node keeps the first of several `Authorization` headers and drops the rest, except in the raw list. */
function hasSecondHeader(request: HttpRequest): boolean {
  const { rawHeaders } = receivedOf(request);
  if (!rawHeaders) return false;
  let seen = false;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] as string;
    if (name.length !== NAME.length || name.toLowerCase() !== NAME) continue;
    if (seen) return true;
    seen = true;
  }
  return false;
}

function carriesSecondToken(request: HttpRequest, headers: HttpRequest['headers']): boolean {
  return (request.url.includes('?') && has(request.query)) || (isForm(headers) && has(request.body));
}

function isForm(headers: HttpRequest['headers']): boolean {
  const type = headers['content-type'];
  return (
    typeof type === 'string' && type.length >= FORM.length && type.trimStart().toLowerCase().startsWith(FORM)
  );
}

function has(parameters: unknown): boolean {
  return typeof parameters === 'object' && parameters !== null && 'access_token' in parameters;
}

function missing(): AuthError {
  return new AuthError('token_missing');
}

function malformed(message: string): AuthError {
  return new AuthError('request_malformed', message);
}
