import * as oauth from 'oauth4webapi';
import type { SenderBinding } from '../sender/sender-binding.js';
import type { Send } from './bounded-fetch.js';
import { callOptions } from './discovery.js';
import type { Grant } from './grant.js';
import { type TokenAnswer, tokenAnswer } from './token-answer.js';

/** Who asks for a token, where and how. */
export interface GrantRequest {
  readonly server: oauth.AuthorizationServer;
  readonly clientId: string;
  readonly authentication: oauth.ClientAuth;
  readonly grant: Grant;
  readonly sender: SenderBinding;
  readonly allowInsecure: boolean;
  readonly send: Send | undefined;
}

/**
 * One token request; with DPoP it carries a proof, and is sent once more where the server asks for its nonce
 * (RFC 9449 §8). Where a certificate is presented, it goes to the endpoint for that (RFC 8705 §5).
 *
 * @throws what the connection throws
 */
export async function sendGrant(request: GrantRequest, signal: AbortSignal): Promise<TokenAnswer> {
  const { server, clientId, authentication, grant, sender, allowInsecure, send } = request;
  const client: oauth.Client = {
    client_id: clientId,
    use_mtls_endpoint_aliases: sender.certificate !== undefined,
  };
  const url = new URL(tokenEndpointOf(server, sender.certificate !== undefined));
  const dpop = await sender.dpop?.tokenRequests();
  const ask = async () =>
    tokenAnswer(
      await oauth.genericTokenEndpointRequest(server, client, authentication, grant.type, grant.parameters, {
        ...callOptions(url, allowInsecure, signal, send),
        ...(dpop && { DPoP: dpop }),
      }),
    );
  const answer = await ask();
  return dpop && answer.status === 400 && answer.body?.['error'] === 'use_dpop_nonce' ? ask() : answer;
}

/** The token endpoint of a server, or the one at which it asks for client certificates. */
export const tokenEndpointOf = (server: oauth.AuthorizationServer, mtls: boolean): string =>
  (mtls ? server.mtls_endpoint_aliases?.token_endpoint : undefined) ?? (server.token_endpoint as string);
