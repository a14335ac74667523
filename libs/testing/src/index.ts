export { LoopbackIssuer } from './lib/issuer/loopback-issuer.js';
export { serviceLoopbackOptions } from './lib/issuer/service-loopback-options.js';
export type { CalleeTable } from './lib/issuer/service-loopback-options.js';
export { loopbackOptions } from './lib/issuer/loopback-options.js';
export type {
  LoopbackApi,
  LoopbackClient,
  LoopbackIssuerOptions,
  LoopbackTls,
} from './lib/issuer/options.js';
export type { Endpoint, Fault, Faults } from './lib/issuer/faults/fault.js';
export type { QuotaBucket } from './lib/issuer/faults/client-quota.js';
export type { JwksFault } from './lib/issuer/faults/jwks-fault.js';
export type { TokenFault } from './lib/issuer/faults/token-fault.js';
export type { TransportFault } from './lib/issuer/faults/transport-fault.js';
export type { MintedToken, MintFilter } from './lib/issuer/mint-log.js';
export type { ClientAuthenticationMethod, ReceivedTokenRequest } from './lib/issuer/request-log.js';
export { CertificateAuthority } from './lib/keys/certificate-authority.js';
export type { IssuedCertificate } from './lib/keys/certificate-authority.js';
export { certificateThumbprint } from './lib/keys/certificate-thumbprint.js';
export { generateSigningKey } from './lib/keys/signing-key.js';
export type { PublicJwk, SigningAlgorithm, SigningKey } from './lib/keys/signing-key.js';
export type { Dialect } from './lib/tokens/dialect.js';
export { accessTokenHash, dpopThumbprint, signDpopProof } from './lib/tokens/dpop-proof.js';
export type { DpopProofOptions } from './lib/tokens/dpop-proof.js';
export { TokenForge } from './lib/tokens/forge.js';
export type { JwsPart, RawToken, SecretForm } from './lib/tokens/forge.js';
export type { MintOptions, TokenParts } from './lib/tokens/mint.js';
export { freePort } from './lib/process/free-port.js';
export { RunningProcess, startProcess } from './lib/process/start-process.js';
export type { ProcessExit, StartProcessOptions } from './lib/process/start-process.js';
export { findSecrets } from './lib/secrets/find-secrets.js';
export type { Leak } from './lib/secrets/find-secrets.js';
export { callerOf } from './lib/http/caller.js';
export type { ApiAnswer, Caller, CallOptions } from './lib/http/caller.js';
export { StandIn } from './lib/http/stand-in.js';
export type { ReceivedRequest, StandInAnswer, StandInHandler } from './lib/http/stand-in.js';
export { listen } from './lib/service/running-app.js';
export type { ListeningApp, RunningApp } from './lib/service/running-app.js';
export { serviceEnvironment } from './lib/service/service-environment.js';
export type { EnvironmentIssuer } from './lib/service/service-environment.js';
export { rememberSecret, testLogLevel } from './lib/secrets/secret-registry.js';
