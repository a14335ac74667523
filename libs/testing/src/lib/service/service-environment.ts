import { testLogLevel } from '../secrets/secret-registry.js';

/** The issuer as a service's environment names it; a `LoopbackIssuer` is one. */
export interface EnvironmentIssuer {
  /** The exact `iss`. */
  readonly issuer: string;
  /** The secret of a client. */
  clientSecret(clientId: string): string;
}

/**
 * The environment of a service under test: the issuer that it trusts, the client that it is, and where the services are
 * that it calls. It logs everything where the output guard reads it, else nothing.
 *
 * @param clientId the service's own client, which is its name
 * @param callees base URL of each callee, by its service name
 * @example
 * const env = serviceEnvironment(issuer, 'orders', { inventory: inventory.url });
 * const app = await createService(service, { ...env, LOG_LEVEL: 'info' });
 */
export function serviceEnvironment(
  issuer: EnvironmentIssuer,
  clientId: string,
  callees: Readonly<Record<string, string>> = {},
): Record<string, string> {
  return {
    NODE_ENV: 'test',
    LOG_LEVEL: testLogLevel(),
    AUTH_ISSUER: issuer.issuer,
    M2M_CLIENT_ID: clientId,
    M2M_CLIENT_SECRET: issuer.clientSecret(clientId),
    ...Object.fromEntries(Object.entries(callees).map(([name, url]) => [urlVariable(name), url])),
  };
}

function urlVariable(service: string): string {
  return `${service.toUpperCase().replaceAll('-', '_')}_URL`;
}
