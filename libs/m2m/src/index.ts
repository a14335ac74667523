export { type CallerToken, type OnBehalfOf, onBehalfOf } from './lib/exchange/on-behalf-of.js';
export { M2mError, type M2mErrorCode, type M2mErrorDetails } from './lib/errors/m2m-error.js';
export { M2mOptionsError } from './lib/errors/options-error.js';
export type { ClientAuthenticationMethod } from './lib/engine/client-authentication.js';
export type { M2mFetch, M2mFetchInit } from './lib/fetch/m2m-fetch.js';
export { fetchToken, InjectM2mFetch } from './lib/module/inject-m2m-fetch.decorator.js';
export { connectionToken, InjectM2m } from './lib/module/inject-m2m.decorator.js';
export type {
  Callees,
  ConnectionOptions,
  M2mModuleOptions,
  RedisCacheOptions,
} from './lib/module/m2m-module-options.js';
export { M2mTokens } from './lib/module/m2m-tokens.js';
export { m2mEnv, type M2mEnvOptions } from './lib/module/m2m.env.js';
export type { M2mModuleExtras } from './lib/module/m2m.module-definition.js';
export { M2mModule } from './lib/module/m2m.module.js';
export { M2mPreflightError, type PreflightFailure } from './lib/preflight/preflight-error.js';
export type { ProviderName } from './lib/presets/preset.js';
export type { MtlsOptions } from './lib/sender/mtls-options.js';
export type { SecretSource } from './lib/secrets/secret-source.js';
export { AccessToken, type AccessTokenInit } from './lib/tokens/access-token.js';
export { type Clock, systemClock } from './lib/tokens/clock.js';
export type { RetryPolicy } from './lib/tokens/mint-with-retries.js';
export type { MintedToken, TokenEndpoint } from './lib/tokens/minted-token.js';
export type { QuotaBucket, TokenEvent, TokenEventListener } from './lib/tokens/token-event.js';
export { TokenManager, type TokenManagerOptions } from './lib/tokens/token-manager.js';
export { SubjectToken } from './lib/tokens/subject-token.js';
export type { GetTokenOptions, TokenRequest } from './lib/tokens/token-request.js';
export type { TokenStats } from './lib/tokens/token-stats.js';
export type { QuotaEvent, QuotaShare } from './lib/budget/quota-event.js';
export type { Quota } from './lib/budget/quota-watch.js';
export type { TokenBudget } from './lib/budget/token-budget.js';
export type { SharedTokensOptions } from './lib/store/shared-minter.js';
export type { StoreEvent } from './lib/store/store-event.js';
export {
  type SharedCopy,
  type SharedToken,
  type StoreCount,
  type StoreLock,
  type TokenStore,
  UnreadableEntryError,
  type UnreadableReason,
} from './lib/store/token-store.js';
