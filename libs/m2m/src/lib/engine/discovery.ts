import * as oauth from 'oauth4webapi';
import { boundedFetch, type Send } from './bounded-fetch.js';
import { isInsecure } from './insecure-url.js';

/** Where the authorization server is. */
export interface ServerLocation {
  /** The exact issuer identifier (RFC 8414 §2). */
  readonly issuer: string;
  /** The token endpoint, where discovery is not wanted. */
  readonly tokenUrl?: string;
  /** Whether plain http is allowed beyond this machine. */
  readonly allowInsecure: boolean;
}

/** How the endpoints are called: bounded, no redirects, http only where it is allowed. */
export const callOptions = (url: URL, allowInsecure: boolean, signal: AbortSignal, send?: Send) => ({
  signal,
  [oauth.customFetch]: (address: string, init: object) => boundedFetch(address, init, signal, send),
  [oauth.allowInsecureRequests]: allowInsecure || !isInsecure(url),
});

/**
 * The metadata of the authorization server: OpenID Connect Discovery first, RFC 8414 next. It must name exactly the
 * issuer that was asked for, and a token endpoint that a secret may be sent to.
 *
 * @param send default `fetch`
 * @throws the reason of the first of the two, which is never a response
 */
export async function discover(
  { issuer, tokenUrl, allowInsecure }: ServerLocation,
  signal: AbortSignal,
  send?: Send,
): Promise<oauth.AuthorizationServer> {
  if (tokenUrl !== undefined) return { issuer, token_endpoint: tokenUrl };
  const reasons: Error[] = [];
  for (const algorithm of ['oidc', 'oauth2'] as const) {
    signal.throwIfAborted();
    try {
      const url = new URL(issuer);
      const response = await oauth.discoveryRequest(url, {
        ...callOptions(url, allowInsecure, signal, send),
        algorithm,
      });
      if (response.status !== 200)
        throw new DiscoveryError(`its metadata is answered with status ${response.status}`);
      return checked(await oauth.processDiscoveryResponse(url, response), issuer, allowInsecure);
    } catch (error) {
      reasons.push(error as Error);
    }
  }
  signal.throwIfAborted();
  throw reasons.find((reason) => reason instanceof DiscoveryError) ?? (reasons[0] as Error);
}

/** Metadata that cannot be used; the message says why. */
export class DiscoveryError extends Error {
  override readonly name = 'DiscoveryError';
}

function checked(
  metadata: oauth.AuthorizationServer,
  issuer: string,
  allowInsecure: boolean,
): oauth.AuthorizationServer {
  const { issuer: named, token_endpoint: endpoint } = metadata;
  if (named !== issuer)
    throw new DiscoveryError(`its metadata names the issuer ${named}; the trailing slash counts`);
  if (endpoint === undefined || !URL.canParse(endpoint))
    throw new DiscoveryError('its metadata names no token endpoint');
  const alias = metadata.mtls_endpoint_aliases?.token_endpoint;
  if (alias !== undefined && !URL.canParse(alias))
    throw new DiscoveryError('its metadata names a token endpoint for certificates that is no URL');
  const insecure = [endpoint, alias ?? endpoint].some((url) => isInsecure(new URL(url)));
  if (insecure && !allowInsecure)
    throw new DiscoveryError('its metadata names a token endpoint without https');
  return metadata;
}
