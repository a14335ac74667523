import { AuthError } from '../errors/auth-error.js';
import type { AuthErrorCode } from '../errors/refusals.js';
import { unmetRequirement } from '../guards/unmet-requirement.js';
import type { ProtectedRequirement } from '../requirement/route-requirement.js';
import type { AccessTokenVerifier } from '../verifier/access-token-verifier.js';
import { type CompactJws, parseCompact } from '../verifier/compact.js';
import type { VerifyOptions } from '../verifier/options.js';
import { advice, callerAdvice } from './advice.js';

/** Why a token is accepted or refused. Holds neither the token nor its signature. */
export interface Explanation {
  readonly accepted: boolean;
  /** The check that refused; `undefined` where the token is accepted. */
  readonly code: AuthErrorCode | undefined;
  /** What was found; where there are no keys, at which address they were asked for and what came back. */
  readonly message: string;
  /** What to do about it; `undefined` where the token is accepted. */
  readonly advice: string | undefined;
  /** The claim or header parameter that failed. */
  readonly claim: string | undefined;
  /** What the token says of itself, checked or not: `typ`, `alg`, `kid`, `iss`, `aud`, `exp`, `nbf`, `iat` and scopes. */
  readonly seen: Readonly<Record<string, unknown>>;
}

/** What a token is explained against. */
export interface ExplainOptions extends VerifyOptions {
  /** Scopes that are asked for, all of them. Default none. */
  readonly scopes?: readonly string[];
  /** What a route requires, audiences included. Default nothing. */
  readonly requirement?: ProtectedRequirement;
}

const NOTHING: ProtectedRequirement = {
  access: 'protected',
  allOf: [],
  anyOf: [],
  callers: [],
  audiences: undefined,
};
const HEADER = ['typ', 'alg', 'kid'];
const CLAIMS = [
  'iss',
  'aud',
  'exp',
  'nbf',
  'iat',
  'azp',
  'client_id',
  'scope',
  'scp',
  'permissions',
  'roles',
];

/**
 * Says which check refuses a token and what to do. For operators: what the token says of itself is shown to them, so
 * the explanation must not go to a client.
 *
 * @example
 * ```ts
 * const { accepted, code, advice } = await explainToken(verifier, token, { scopes: ['read:orders'] });
 * ```
 */
export async function explainToken(
  verifier: AccessTokenVerifier,
  token: string,
  { scopes = [], requirement, ...options }: ExplainOptions = {},
): Promise<Explanation> {
  const seen = look(token);
  try {
    const audience = options.audience ?? requirement?.audiences;
    const verified = await verifier.verify(token, { ...options, ...(audience && { audience }) });
    const asked = { ...NOTHING, ...requirement, allOf: [...(requirement?.allOf ?? []), ...scopes] };
    const unmet = unmetRequirement(asked, verified);
    if (unmet) throw unmet;
    return {
      accepted: true,
      code: undefined,
      message: 'Every check passed.',
      advice: undefined,
      claim: undefined,
      seen,
    };
  } catch (error) {
    if (!(error instanceof AuthError)) throw error;
    const { code, claim, reason } = error;
    return {
      accepted: false,
      code,
      message: messageOf(error),
      advice: reason === 'caller' ? callerAdvice : advice[code],
      claim,
      seen,
    };
  }
}

/** A client is told that there are no keys; an operator, which address was asked for them and what came back. */
function messageOf({ code, message, cause }: AuthError): string {
  return code === 'keys_unavailable' && cause instanceof Error ? `${message} ${cause.message}.` : message;
}

function look(token: string): Readonly<Record<string, unknown>> {
  let jws: CompactJws;
  try {
    jws = parseCompact(token, 65_536);
  } catch {
    return {};
  }
  const named = (from: Readonly<Record<string, unknown>>, names: readonly string[]): [string, unknown][] =>
    names.filter((name) => from[name] !== undefined).map((name) => [name, from[name]]);
  return Object.fromEntries([...named(jws.header, HEADER), ...named(jws.claims, CLAIMS)]);
}
