/** What stands in a log in the place of a secret. */
export const redacted = '[redacted]';

const secretParts = [
  'secret',
  'password',
  'authorization',
  'cookie',
  'privatekey',
  'apikey',
  'credential',
  'assertion',
];
const secretEnds = ['token', 'jwt', 'dpop', 'codeverifier'];
const maxDepth = 8;
const maxValues = 1_000;
const maxText = 8_192;

/** Whether the value of a property of this name stays out of the log, however the name is written. */
export function isSecretName(name: string): boolean {
  const plain = name.toLowerCase().replace(/[-_\s]/g, '');
  return secretParts.some((part) => plain.includes(part)) || secretEnds.some((end) => plain.endsWith(end));
}

const credentials = /\b(Bearer|Basic|DPoP)\s+[A-Za-z0-9\-._~+/]{8,}=*/gi;
/** The length of the first part is bounded so that no input makes the search slow. */
const jwt = /\beyJ[\w-]{5,2000}\.[\w-]*\.[\w-]*(\.[\w-]*){0,2}/g;
const pem = /-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(-----END [A-Z ]*PRIVATE KEY-----|$)/gs;
const parameter = /\b((?:access_|refresh_|id_)?token|client_secret|client_assertion|password)=[^&\s"'\\]+/gi;

/** A text without the credentials in it: authorization headers, JWTs, private keys, form and query parameters. */
export function redactText(text: string): string {
  return text
    .replace(credentials, `$1 ${redacted}`)
    .replace(jwt, redacted)
    .replace(pem, redacted)
    .replace(parameter, `$1=${redacted}`);
}

/**
 * A copy of a value that can be logged: secrets replaced by name at any depth, errors reduced to what says what went
 * wrong, cycles and very large values cut.
 */
export function redact(value: unknown): unknown {
  return copy(value, 0, { values: 0 });
}

/** As {@link redact}, for the record of one log line. */
export function redactRecord(record: Record<string, unknown>): Record<string, unknown> {
  return copyEntries(Object.entries(record), 0, { values: 0 });
}

interface Budget {
  values: number;
}

/** A text of a length that a log can bear. */
export const cutText = (text: string): string =>
  text.length > maxText ? `${text.slice(0, maxText)}[cut]` : text;

function copy(value: unknown, depth: number, budget: Budget): unknown {
  if (typeof value === 'string') return cutText(value);
  if (typeof value !== 'object' || value === null) return typeof value === 'function' ? '[function]' : value;
  if (++budget.values > maxValues) return '[cut]';
  if (depth >= maxDepth) return '[too deep]';
  if (value instanceof Error) return copyError(value, depth, budget);
  if (value instanceof URL) return redactText(`${value.origin}${value.pathname}`);
  if (value instanceof Date) return value;
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return '[binary]';
  if (Array.isArray(value)) return value.slice(0, 100).map((item) => copy(item, depth + 1, budget));
  if (value instanceof Set) return copy([...(value as Set<unknown>)], depth, budget);
  if (value instanceof Map || value instanceof Headers) {
    const entries = [...(value as Iterable<[unknown, unknown]>)];
    return copyEntries(
      entries.map(([key, item]): [string, unknown] => [String(key), item]),
      depth,
      budget,
    );
  }
  return copyEntries(Object.entries(value), depth, budget);
}

function copyEntries(entries: [string, unknown][], depth: number, budget: Budget): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [key, value] of entries.slice(0, 200)) {
    const hidden =
      isSecretName(key) && typeof value !== 'number' && typeof value !== 'boolean' && value != null;
    result[key] = hidden ? redacted : copy(value, depth + 1, budget);
  }
  return result;
}

/** Only what says what went wrong: the requests, responses and options that HTTP clients hang on their errors stay out. */
function copyError(error: Error, depth: number, budget: Budget): Record<string, unknown> {
  const { code, status, statusCode } = error as { code?: unknown; status?: unknown; statusCode?: unknown };
  const scalar = (value: unknown) =>
    typeof value === 'string' || typeof value === 'number' ? value : undefined;
  return {
    type: error.name,
    message: cutText(error.message),
    code: scalar(code),
    status: scalar(status) ?? scalar(statusCode),
    stack: error.stack && cutText(error.stack),
    ...(error.cause !== undefined && { cause: copy(error.cause, depth + 1, budget) }),
    ...(error instanceof AggregateError && { errors: copy(error.errors, depth + 1, budget) }),
  };
}
