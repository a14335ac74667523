import type { Client } from '../directory/directory.js';

/** What the caller of the token endpoint sent, without anything that proves who it is. */
export interface RequestFacts {
  readonly body: Readonly<Record<string, string>>;
  readonly ip: string;
  readonly method: string;
  readonly hostname: string;
  readonly userAgent: string | undefined;
}

/** What one Action reads. */
export interface ActionEventParts {
  readonly client: Client;
  readonly audience: string;
  readonly request: RequestFacts;
  readonly requestedScopes: readonly string[];
  /** Scopes of the token, as of the Action before. */
  readonly scopes: readonly string[];
  /** Claims that the Actions before have set. */
  readonly claims: Readonly<Record<string, unknown>>;
  readonly secrets: Readonly<Record<string, string>>;
  readonly tenant: string;
  readonly organization?: { readonly id: string; readonly name: string } | undefined;
}

/** Writes the `event` of the `credentials-exchange` trigger. */
export function actionEvent(parts: ActionEventParts): object {
  const { client, request, organization } = parts;
  return {
    client: { client_id: client.clientId, name: client.name, metadata: client.metadata },
    resource_server: { identifier: parts.audience },
    request: {
      body: request.body,
      ip: request.ip,
      method: request.method,
      hostname: request.hostname,
      user_agent: request.userAgent,
      geoip: {},
    },
    accessToken: { customClaims: parts.claims, scope: parts.scopes },
    transaction: { requested_scopes: parts.requestedScopes },
    secrets: parts.secrets,
    tenant: { id: parts.tenant },
    ...(organization && { organization }),
  };
}
