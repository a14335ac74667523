import * as oauth from 'oauth4webapi';
import { M2mError } from '../errors/m2m-error.js';
import type { Preset } from '../presets/preset.js';
import type { MintedToken } from '../tokens/minted-token.js';
import type { TokenRequest } from '../tokens/token-request.js';

/** Who asked for the token, for messages. */
export interface Asker {
  readonly service: string;
  readonly clientId: string;
  readonly issuer: string;
}

/**
 * Reads a token response (RFC 6749 §5.1): a token that a header can carry, of the type that was asked for, with every
 * scope that was asked for. A response without `scope` granted what was asked for.
 *
 * @param scheme `DPoP` where the request carried a proof (RFC 9449 §5); a token that is not bound is refused then
 * @throws M2mError `token_response_invalid` or `scope_not_granted`
 */
export async function readToken(
  body: Readonly<Record<string, unknown>> | undefined,
  request: TokenRequest,
  { echoesScopes }: Preset,
  scheme: 'Bearer' | 'DPoP',
  { service, clientId, issuer }: Asker,
): Promise<Omit<MintedToken, 'quota'>> {
  const { audience, scopes: asked = [] } = request;
  const invalid = (what: string) =>
    new M2mError(
      'token_response_invalid',
      `${service} has no token for ${audience}: the answer of ${issuer} ${what}. Check AUTH_ISSUER and M2M_TOKEN_URL.`,
      { audience },
    );
  const { access_token, token_type, scope, expires_in: expiresIn, issued_token_type: issued } = body ?? {};
  if (request.subject && issued !== undefined && !isAccessToken(issued))
    throw invalid('holds no access token in exchange');
  let answer: oauth.TokenEndpointResponse;
  try {
    const response = Response.json({ access_token, token_type, scope });
    answer = await oauth.processClientCredentialsResponse({ issuer }, { client_id: clientId }, response);
  } catch {
    throw invalid('is no token response');
  }
  if (!/^[\x21-\x7E]{1,16384}$/.test(answer.access_token))
    throw invalid('holds a token that no header can carry');
  if (answer.token_type !== scheme.toLowerCase())
    throw invalid(
      scheme === 'DPoP'
        ? 'holds a token that is not bound to the DPoP key; turn DPoP on for the client there, or off here'
        : 'holds a token that is no bearer token',
    );
  const scopes =
    echoesScopes && answer.scope !== undefined ? answer.scope.split(' ').filter(Boolean) : [...asked];
  const missing = asked.filter((name) => !scopes.includes(name));
  if (missing.length > 0)
    throw new M2mError(
      'scope_not_granted',
      `${service} was not granted ${missing.join(' ')} for ${audience}. Add it to the client grant of ${clientId} at ${issuer}.`,
      { audience },
    );
  return { value: answer.access_token, scheme, expiresIn, scopes };
}

/** Whether a type of RFC 8693 §3 is that of an access token. */
const isAccessToken = (type: unknown): boolean =>
  type === 'urn:ietf:params:oauth:token-type:access_token' || type === 'urn:ietf:params:oauth:token-type:jwt';
