import { entraOnBehalfOfGrant } from '../exchange/entra-on-behalf-of-grant.js';
import type { TokenRequest } from '../tokens/token-request.js';
import type { Preset } from './preset.js';

const parameters = ({ audience }: TokenRequest): Record<string, string> => ({
  scope: `${audience.replace(/\/+$/, '')}/.default`,
});

/** Microsoft Entra ID: one scope, `<audience>/.default`, that stands for every granted role; On-Behalf-Of by assertion. */
export const entra: Preset = {
  secretMethod: 'client_secret_post',
  assertionAudience: 'token_endpoint',
  parameters,
  exchange: (request, subject) => entraOnBehalfOfGrant(parameters(request), subject),
  echoesScopes: false,
};
