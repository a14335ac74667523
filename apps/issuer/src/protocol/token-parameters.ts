import { malformed } from '../policy/token-refusal.js';

/** The parameters of a token request that this server reads, as text. */
export interface TokenParameters {
  readonly grant_type?: string;
  readonly client_id?: string;
  readonly client_secret?: string;
  readonly client_assertion?: string;
  readonly client_assertion_type?: string;
  readonly audience?: string;
  readonly resource?: string;
  readonly scope?: string;
  readonly organization?: string;
}

/** Longest value of each parameter, in characters. */
const limits = {
  grant_type: 100,
  client_id: 200,
  client_secret: 1_024,
  client_assertion: 16_384,
  client_assertion_type: 100,
  audience: 1_024,
  resource: 1_024,
  scope: 16_384,
  organization: 200,
} as const satisfies Record<keyof TokenParameters, number>;

type Name = keyof TokenParameters;

const isKnown = (name: string): name is Name => Object.hasOwn(limits, name);

/**
 * Reads the parameters of a token request. Unknown ones are ignored (RFC 6749 §3.2), a repeated one is refused, an empty
 * one counts as absent.
 *
 * @param body a form, as the text that was sent, or a JSON object
 * @throws {@link TokenRefusal} `request_malformed`
 */
export function readTokenParameters(body: unknown): TokenParameters {
  const parameters: Partial<Record<Name, string>> = {};
  for (const [name, value] of entries(body)) {
    if (!isKnown(name)) continue;
    if (typeof value !== 'string') throw malformed(`${name} must be a string`);
    if (Object.hasOwn(parameters, name)) throw malformed(`${name} must not be given twice`);
    if (/[\p{Surrogate}\p{Cc}]/u.test(value)) throw malformed(`${name} must be well-formed text`);
    if (value.length > limits[name]) throw malformed(`${name} must have at most ${limits[name]} characters`);
    parameters[name] = value;
  }
  return Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== ''));
}

function entries(body: unknown): Iterable<[string, unknown]> {
  if (typeof body === 'string') return new URLSearchParams(body);
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return Object.entries(body);
  throw malformed('the body must be a form or a JSON object');
}

/**
 * The API that a request is for: `audience` as Auth0 has it, or `resource` of RFC 8707.
 *
 * @throws {@link TokenRefusal} `request_malformed` where both are given and differ
 */
export function requestedAudience({ audience, resource }: TokenParameters): string | undefined {
  if (audience !== undefined && resource !== undefined && audience !== resource) {
    throw malformed('audience and resource must name the same API');
  }
  return audience ?? resource;
}

/**
 * The scopes that a request names (RFC 6749 §3.3).
 *
 * @returns `undefined` where it names none
 * @throws {@link TokenRefusal} `request_malformed`
 */
export function requestedScopes({ scope }: TokenParameters): readonly string[] | undefined {
  if (scope === undefined) return undefined;
  if (!/^[\x21\x23-\x5B\x5D-\x7E]+(?: [\x21\x23-\x5B\x5D-\x7E]+)*$/.test(scope)) {
    throw malformed('scope must be a list of scope tokens, separated by single spaces');
  }
  return scope.split(' ');
}
