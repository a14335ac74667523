import type { AuthSettings } from '../module/auth-settings.js';

/** Metadata of a protected resource (RFC 9728 §2): who issues its tokens, and what they can be for. */
export interface ProtectedResourceMetadata {
  readonly resource: string;
  readonly authorization_servers: readonly string[];
  readonly bearer_methods_supported: readonly ['header'];
  /** The algorithms of DPoP proofs, where DPoP is spoken. */
  readonly dpop_signing_alg_values_supported?: readonly string[];
  /** True where every token must be bound to a DPoP key. */
  readonly dpop_bound_access_tokens_required?: boolean;
  /** True where tokens that are bound to a client certificate are accepted. */
  readonly tls_client_certificate_bound_access_tokens?: boolean;
  readonly scopes_supported?: readonly string[];
  readonly resource_name?: string;
}

const WELL_KNOWN = '/.well-known/oauth-protected-resource';

/** Where the metadata of a resource is (RFC 9728 §3.1): the well-known path goes between its host and its own path. */
export function metadataUrl(publicUrl: string): URL {
  const { origin, pathname } = new URL(publicUrl);
  return new URL(`${WELL_KNOWN}${pathname.replace(/\/$/, '')}`, origin);
}

/** What the service says about itself at {@link metadataUrl}. */
export function protectedResource(
  publicUrl: string,
  { issuers, contract, sender }: Pick<AuthSettings, 'issuers' | 'contract' | 'sender'>,
): ProtectedResourceMetadata {
  return {
    resource: publicUrl,
    authorization_servers: issuers.map(({ issuer }) => issuer),
    bearer_methods_supported: ['header'],
    ...(sender?.dpop && {
      dpop_signing_alg_values_supported: sender.proofAlgorithms.split(' '),
      dpop_bound_access_tokens_required: !sender.bearer,
    }),
    ...(sender?.certificates && { tls_client_certificate_bound_access_tokens: true }),
    ...(contract && {
      scopes_supported: Object.keys(contract.scopes).sort(),
      resource_name: contract.service,
    }),
  };
}
