import { M2mTokens } from '@countersign/m2m';
import { type LoopbackIssuer } from '@countersign/testing';
import { allowInsecureRequests, clientCredentialsGrant, discovery } from 'openid-client';
import { ClientCredentials, type AccessToken } from 'simple-oauth2';

/** The client and API that the outgoing benches use. */
export const client = {
  clientId: 'bench',
  audience: 'https://things.example/',
  scope: 'read:things',
} as const;

/** One way to come by an access token, with the cache that goes with it. */
export interface TokenSource {
  readonly label: string;
  readonly create: (issuer: LoopbackIssuer) => Promise<() => Promise<unknown>>;
}

const marginMs = 30_000;

interface Auth0TokenProvider {
  TokenProvider: new (options: {
    domain: string;
    clientId: string;
    clientSecret: string;
    audience: string;
    fetch: typeof fetch;
  }) => { getAccessToken(): Promise<string> };
}

/** What the SDK gets its own tokens with. It speaks HTTPS to a domain, and is not among the SDK's exports. */
const auth0TokenProvider = async (): Promise<Auth0TokenProvider> =>
  (await import(
    new URL('./management/wrapper/token-provider.mjs', import.meta.resolve('auth0')).href
  )) as Auth0TokenProvider;

/** The ways to get a token, ours first. */
export const tokenSources: readonly [TokenSource, ...TokenSource[]] = [
  {
    label: '@countersign/m2m',
    create: async (issuer) => {
      const tokens = new M2mTokens({
        issuer: issuer.issuer,
        clientId: client.clientId,
        clientSecret: issuer.clientSecret(client.clientId),
        connections: {},
      });
      const request = { audience: client.audience, scopes: [client.scope] };
      return () => tokens.getToken(request);
    },
  },
  {
    label: 'simple-oauth2, kept until expired()',
    create: async (issuer) => {
      const oauth = new ClientCredentials({
        client: { id: client.clientId, secret: issuer.clientSecret(client.clientId) },
        auth: { tokenHost: issuer.issuer, tokenPath: '/oauth/token' },
      });
      const request = { scope: client.scope, audience: client.audience };
      let held: AccessToken | undefined;
      return async () => {
        if (!held || held.expired(marginMs / 1000)) held = await oauth.getToken(request);
        return held.token;
      };
    },
  },
  {
    label: 'openid-client, kept until it expires',
    create: async (issuer) => {
      const configuration = await discovery(
        new URL(issuer.issuer),
        client.clientId,
        issuer.clientSecret(client.clientId),
        undefined,
        { execute: [allowInsecureRequests] },
      );
      let held: { token: string; until: number } | undefined;
      return async () => {
        if (!held || held.until <= Date.now()) {
          const answer = await clientCredentialsGrant(configuration, {
            audience: client.audience,
            scope: client.scope,
          });
          held = {
            token: answer.access_token,
            until: Date.now() + (answer.expires_in ?? 0) * 1000 - marginMs,
          };
        }
        return held.token;
      };
    },
  },
  {
    label: "the TokenProvider of auth0's SDK",
    create: async (issuer) => {
      const { TokenProvider } = await auth0TokenProvider();
      const provider = new TokenProvider({
        domain: 'tenant.example',
        clientId: client.clientId,
        clientSecret: issuer.clientSecret(client.clientId),
        audience: client.audience,
        fetch: (_url, init) => fetch(issuer.tokenUrl, init),
      });
      return () => provider.getAccessToken();
    },
  },
  {
    label: 'hand-written, fetch and a variable',
    create: async (issuer) => {
      let held: { token: string; until: number } | undefined;
      return async () => {
        if (!held || held.until <= Date.now()) {
          const response = await fetch(issuer.tokenUrl, {
            method: 'POST',
            body: new URLSearchParams({
              grant_type: 'client_credentials',
              client_id: client.clientId,
              client_secret: issuer.clientSecret(client.clientId),
              audience: client.audience,
              scope: client.scope,
            }),
          });
          const answer = (await response.json()) as { access_token: string; expires_in: number };
          held = { token: answer.access_token, until: Date.now() + answer.expires_in * 1000 - marginMs };
        }
        return held.token;
      };
    },
  },
];
