import type { AddressInfo, Server } from 'node:net';
import { basename, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { EnvironmentParts } from '../environment/read-environment.js';
import { bootReport, listenError } from './boot-report.js';
import { buildService, type BuiltService, type Env } from './create-service.js';
import type { Service } from './define-service.js';
import { stopOnSignals } from './stop-on-signals.js';

/**
 * Starts a service and stops it when it is told to: the whole of a `main.ts`. A service that cannot start says why in
 * one block on standard error and ends the process with 1; one that is stopped by SIGTERM or SIGINT finishes its
 * requests and ends with 0.
 *
 * @param service what {@link defineService} answered
 * @param env variables by name. Default `process.env`
 *
 * @example
 * ```ts
 * await startService(service);
 * ```
 */
export async function startService<Parts extends EnvironmentParts>(
  service: Service<Parts>,
  env: Env = process.env,
): Promise<void> {
  let built: BuiltService | undefined;
  try {
    built = await buildService(service, env);
    const { app, server, logger } = built;
    await app.listen(server.port, server.host).catch((error: unknown) => {
      throw listenError(error, server);
    });
    stopOnSignals(built);
    const { port } = (app.getHttpServer() as Server).address() as AddressInfo;
    logger.info({ url: urlOf(server.host, port) }, 'listening');
  } catch (error) {
    process.stderr.write(bootReport(nameOf(service, built), error, env['LOG_LEVEL'] === 'debug'));
    process.exit(1);
  }
}

const urlOf = (host: string, port: number): string =>
  `http://${host.includes(':') ? `[${host}]` : host}:${port}`;

/** The name is in the contract; where that cannot be read, the folder it is in says enough. */
function nameOf(service: { contract?: URL; name?: string }, built: BuiltService | undefined): string {
  if (built) return built.name;
  return service.contract
    ? basename(dirname(fileURLToPath(service.contract)))
    : (service.name ?? 'The service');
}
