export { EnvironmentError, type EnvironmentProblem } from './lib/environment/environment.error.js';
export {
  readEnvironment,
  type Environment,
  type EnvironmentParts,
  type ReadEnvironmentOptions,
} from './lib/environment/read-environment.js';
export {
  logLevels,
  serverEnv,
  type LogLevel,
  type ServerOptions,
} from './lib/environment/server.environment.js';
export type {
  OutputOf,
  StandardIssue,
  StandardResult,
  StandardSchema,
} from './lib/environment/standard-schema.js';
export type { ErrorBody } from './lib/errors/error-body.js';
export { ServiceException } from './lib/errors/service.exception.js';
export { Readiness, type ReadinessCheck } from './lib/health/readiness.js';
export { createLogger, type LoggerOptions } from './lib/logging/logger.js';
export { redact, redactText } from './lib/logging/redaction.js';
export { openApiFile } from './lib/openapi/open-api-file.js';
export type { OpenApiOptions } from './lib/openapi/open-api.js';
export {
  outgoingHeaders,
  requestContext,
  runInRequestContext,
  type RequestContext,
} from './lib/request/request-context.js';
export type { TraceContext } from './lib/request/trace-context.js';
export { BootError } from './lib/service/boot.error.js';
export { createService, type Env } from './lib/service/create-service.js';
export {
  defineService,
  type ContractService,
  type PlainService,
  type Service,
  type ServiceConfig,
  type ServiceOptions,
} from './lib/service/define-service.js';
export { previewService } from './lib/service/preview-service.js';
export { startService } from './lib/service/start-service.js';
