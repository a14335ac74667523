export { RequireScopes } from './lib/decorators/require-scopes.decorator.js';
export { RequireAnyScope } from './lib/decorators/require-any-scope.decorator.js';
export { RequireAudience } from './lib/decorators/require-audience.decorator.js';
export { CallerIs, type CallerIsOptions } from './lib/decorators/caller-is.decorator.js';
export { Authenticated } from './lib/decorators/authenticated.decorator.js';
export { ReportOnly } from './lib/decorators/report-only.decorator.js';
export { Public } from './lib/decorators/public.decorator.js';
export { Caller } from './lib/decorators/caller.decorator.js';
export type { RequirementDecorator } from './lib/decorators/declare.js';

export { AccessTokenGuard } from './lib/guards/access-token.guard.js';
export { AudienceGuard } from './lib/guards/audience.guard.js';
export { ScopesGuard } from './lib/guards/scopes.guard.js';

export { AuthModule } from './lib/module/auth.module.js';
export type { AuthModuleExtras } from './lib/module/auth.module-definition.js';
export type { AuthModuleOptions, OwnContract } from './lib/module/auth-module-options.js';
export { authEnv } from './lib/module/auth.env.js';
export { JwtStrategy } from './lib/module/jwt.strategy.js';

export {
  authManifest,
  formatManifest,
  type AuthManifest,
  type ManifestEntry,
} from './lib/audit/auth-manifest.js';
export { findRoute, routeRegistry, type RegisteredRoute } from './lib/audit/route-registry.js';
export { BootAuditError } from './lib/audit/boot-audit.error.js';
export { HybridAppError } from './lib/audit/hybrid-app.error.js';

export { REQUIREMENT_METADATA, type Declaration } from './lib/requirement/declaration.js';
export { reportOnlyRules, type ReportOnlyRule } from './lib/requirement/report-only.js';
export type { CallerGroup, IssuerClients } from './lib/requirement/caller-group.js';
export {
  routeRequirement,
  type ProtectedRequirement,
  type RouteRequirement,
  type Target,
} from './lib/requirement/route-requirement.js';

export { AccessRefusedException, type RefusalBody } from './lib/refusal/access-refused.exception.js';

export type { ProtectedResourceMetadata } from './lib/metadata/protected-resource.js';
export type { MessageRefusal } from './lib/transports/message-refusal.js';

export { AccessTokenVerifier } from './lib/verifier/access-token-verifier.js';
export type {
  AccessTokenVerifierOptions,
  IssuerOptions,
  RecogniseOptions,
  SenderOptions,
  VerifyOptions,
} from './lib/verifier/options.js';
export type { KeySetTuning } from './lib/keys/key-set-limits.js';
export type { Confirmation, TokenHeader, VerifiedToken } from './lib/verifier/verified-token.js';
export type { Denylist } from './lib/verifier/denylist.js';
export { MemoryDenylist, type ClientDenial } from './lib/denylist/memory-denylist.js';
export {
  RedisDenylist,
  type RedisDenylistClient,
  type RedisSubscriber,
} from './lib/denylist/redis-denylist.js';

export type {
  CertificateHeader,
  HttpDpopOptions,
  MutualTlsOptions,
  SenderConstraintOptions,
} from './lib/sender/sender-constraint-options.js';
export type { DpopOptions } from './lib/sender/dpop-options.js';
export { RollingDpopNonces, type DpopNonces } from './lib/sender/dpop-nonces.js';
export type { ReplayStore } from './lib/sender/replay-store.js';
export { MemoryReplayStore } from './lib/sender/memory-replay-store.js';
export { RedisReplayStore, type RedisSet } from './lib/sender/redis-replay-store.js';
export type { SenderEvidence } from './lib/sender/sender-evidence.js';
export {
  certificateThumbprint,
  thumbprintOfHeader,
  type CertificateEncoding,
} from './lib/sender/client-certificate.js';

export { advice } from './lib/explain/advice.js';
export { explainToken, type Explanation, type ExplainOptions } from './lib/explain/explain-token.js';
export type { RefusalCount, VerifierStats } from './lib/telemetry/tally.js';

export { dialects } from './lib/dialects/dialects.js';
export type { Claims, Dialect, DialectName } from './lib/dialects/dialect.js';
export type { SignatureAlgorithm } from './lib/keys/algorithms.js';
export type { KeySetEvent, KeySetStatus } from './lib/keys/key-set-event.js';
export { AuthError, type AuthErrorOptions } from './lib/errors/auth-error.js';
export { AuthOptionsError } from './lib/errors/auth-options-error.js';
export type { AuthErrorCode, OAuthErrorCode } from './lib/errors/refusals.js';
