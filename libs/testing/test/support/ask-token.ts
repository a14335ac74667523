import { type LoopbackIssuer } from '../../src/index.js';

/** The members of a token answer that specs look at. */
export interface TokenAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: {
    readonly access_token: string;
    readonly token_type: unknown;
    readonly expires_in: unknown;
    readonly scope?: string;
    readonly error?: string;
    readonly error_description?: string;
  };
}

/** A token request of a client with its secret; parameters and headers can be added or replaced. */
export async function askToken(
  issuer: LoopbackIssuer,
  clientId: string,
  parameters: Readonly<Record<string, string>> = {},
  headers: Readonly<Record<string, string>> = {},
): Promise<TokenAnswer> {
  const response = await fetch(issuer.tokenUrl, {
    method: 'POST',
    headers,
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: issuer.clientSecret(clientId),
      ...parameters,
    }),
    signal: AbortSignal.timeout(10_000),
    redirect: 'manual',
  });
  const { status } = response;
  return { status, headers: response.headers, body: (await response.json()) as TokenAnswer['body'] };
}
