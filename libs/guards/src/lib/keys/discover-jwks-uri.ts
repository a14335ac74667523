import { endpointProblem } from './endpoint.js';
import { type FetchBounds, fetchJson, KeyFetchError } from './fetch-json.js';

/** How much of what the metadata says is repeated in an error, in characters. */
const MAX_SHOWN = 200;

/**
 * Where the keys of an issuer are, from its own metadata: OpenID Connect Discovery §4 first, then RFC 8414 §3. The
 * `issuer` in the metadata must be the one that was asked for, character by character (RFC 8414 §3.3).
 *
 * @throws KeyFetchError when neither document will do
 */
export async function discoverJwksUri(issuer: string, bounds: FetchBounds): Promise<string> {
  const failures: unknown[] = [];
  for (const location of metadataLocations(issuer)) {
    try {
      return await readJwksUri(location, issuer, bounds);
    } catch (error) {
      if (bounds.signal.aborted) throw error;
      failures.push(error);
    }
  }
  const reasons = failures
    .map((failure) => (failure instanceof Error ? failure.message : 'unknown'))
    .join('; ');
  throw new KeyFetchError(`no metadata of the issuer: ${reasons}`, { cause: new AggregateError(failures) });
}

/** Where an issuer may have its metadata. */
export function metadataLocations(issuer: string): readonly [openid: string, oauth: string] {
  const { origin, pathname } = new URL(issuer);
  const path = pathname.replace(/\/$/, '');
  return [
    `${origin}${path}/.well-known/openid-configuration`,
    `${origin}/.well-known/oauth-authorization-server${path}`,
  ];
}

async function readJwksUri(location: string, issuer: string, bounds: FetchBounds): Promise<string> {
  const metadata = await fetchJson(location, bounds);
  if (metadata['issuer'] !== issuer)
    throw new KeyFetchError(`${location} ${otherIssuer(metadata['issuer'])}`);
  const jwksUri = metadata['jwks_uri'];
  const problem = endpointProblem(jwksUri) ?? downgrade(issuer, jwksUri as string);
  if (problem) throw new KeyFetchError(`jwks_uri of ${location} ${problem}`);
  return jwksUri as string;
}

function otherIssuer(named: unknown): string {
  if (typeof named !== 'string') return 'names no issuer';
  return `is the metadata of another issuer, ${JSON.stringify(named.slice(0, MAX_SHOWN))}`;
}

/** Metadata that came over TLS does not lead to keys that do not. */
function downgrade(issuer: string, jwksUri: string): string | undefined {
  return issuer.startsWith('https:') && !jwksUri.startsWith('https:') ? 'must be https' : undefined;
}
