import type { Preset } from './preset.js';

/** Microsoft Entra ID: one scope, `<audience>/.default`, that stands for every granted role. */
export const entra: Preset = {
  secretMethod: 'client_secret_post',
  assertionAudience: 'token_endpoint',
  parameters: ({ audience }) => ({ scope: `${audience.replace(/\/+$/, '')}/.default` }),
  echoesScopes: false,
};
