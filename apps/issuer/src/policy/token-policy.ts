import type { Api, Client, Directory, Grant, Organization } from '../directory/directory.js';
import { selectOrganization } from './select-organization.js';
import { selectScopes } from './select-scopes.js';
import { audienceUnknown, grantMissing, grantTypeNotAllowed, unauthenticated } from './token-refusal.js';

/** What an authenticated client asks for. */
export interface TokenRequest {
  readonly clientId: string;
  readonly audience: string;
  /** `undefined` where it asks for all that is granted. */
  readonly scopes?: readonly string[] | undefined;
  /** Id or name. */
  readonly organization?: string | undefined;
}

/** What a token may say and for how long. */
export interface TokenDecision {
  readonly client: Client;
  readonly api: Api;
  readonly grant: Grant;
  readonly scopes: readonly string[];
  /** All scopes that the client may have at the API. */
  readonly granted: readonly string[];
  readonly organization: Organization | undefined;
  /** Seconds. */
  readonly lifetime: number;
}

const clientCredentials = 'client_credentials';

/** Decides which tokens are issued. It knows no protocol and no storage: who asks brings the directory. */
export class TokenPolicy {
  /**
   * @param directory what is true at the time of the request
   * @throws {@link TokenRefusal} `client_unknown`, `grant_type_not_allowed`, `audience_unknown`, `grant_missing`,
   *   `scope_not_granted` or one of `organization_…`
   */
  decide(request: TokenRequest, directory: Directory): TokenDecision {
    const client = directory.client(request.clientId);
    if (!client) throw unauthenticated('client_unknown');
    if (!client.grantTypes.includes(clientCredentials)) throw grantTypeNotAllowed(clientCredentials);
    const api = directory.api(request.audience);
    if (!api) throw audienceUnknown(request.audience);
    const grant = directory.grant(client.clientId, api.identifier);
    if (!grant) throw grantMissing(api.identifier);
    // A scope that the API no longer has cannot be asked for, whatever the grant still says.
    const granted = grant.scopes.filter((scope) => api.scopes.includes(scope));
    const scopes = selectScopes(request.scopes, granted);
    const organization = selectOrganization(request.organization, grant, directory);
    return { client, api, grant, scopes, granted, organization, lifetime: api.tokenLifetime };
  }
}
