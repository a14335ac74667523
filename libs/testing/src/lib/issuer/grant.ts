import { type ClientRegistry } from './client-registry.js';
import { oauthError, type Answer } from './http-exchange.js';
import { type LoopbackApi } from './options.js';
import { type TokenParameters } from './token-request.js';

/** What a token request may have. */
export interface Granted {
  readonly api: LoopbackApi;
  readonly scopes: readonly string[];
}

/** What a client may have of what it asks for, or the refusal in Auth0's words. */
export function grant(
  registry: ClientRegistry,
  clientId: string,
  parameters: TokenParameters,
): Granted | Answer {
  const audience = parameters['audience'] ?? parameters['resource'] ?? registry.firstAudience;
  const api = typeof audience === 'string' ? registry.api(audience) : undefined;
  if (!api) {
    const name = typeof audience === 'string' ? audience : '';
    return oauthError(403, 'access_denied', `Service not enabled within domain: ${name}`);
  }
  const granted = registry.granted(clientId, api);
  if (!granted)
    return oauthError(
      403,
      'access_denied',
      `Client is not authorized to access "${api.audience}". You need to create a "client-grant" associated to this API.`,
    );
  const asked =
    typeof parameters['scope'] === 'string' ? parameters['scope'].split(' ').filter(Boolean) : granted;
  const scopes = asked.filter((scope) => granted.includes(scope));
  if (asked.length > 0 && scopes.length === 0)
    return oauthError(403, 'access_denied', `Client has not been granted scopes: ${asked.join(', ')}`);
  return { api, scopes };
}
