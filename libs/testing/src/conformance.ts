export { runAuthConformance } from './lib/conformance/run-auth-conformance.js';
export type {
  AuthConformanceOptions,
  RequestUnderTest,
  RunningServiceOptions,
  CertificateHeader,
  DpopAbility,
  ServiceAbilities,
  ServiceUnderTest,
  StartedService,
} from './lib/conformance/options.js';
