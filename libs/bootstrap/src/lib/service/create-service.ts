import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { Logger } from 'pino';
import type { EnvironmentParts } from '../environment/read-environment.js';
import { readEnvironment } from '../environment/read-environment.js';
import { serverEnv, type ServerOptions } from '../environment/server.environment.js';
import { ErrorsFilter } from '../errors/errors.filter.js';
import { validationPipe } from '../errors/validation.pipe.js';
import { Readiness } from '../health/readiness.js';
import { expressPlatform } from '../http/express.platform.js';
import { fastifyPlatform } from '../http/fastify.platform.js';
import { RequestLifecycle } from '../http/request-lifecycle.js';
import { RequestsInFlight } from '../http/requests-in-flight.js';
import { createLogger } from '../logging/logger.js';
import { NestLogger } from '../logging/nest-logger.js';
import type { Service, ServiceConfig } from './define-service.js';
import { drainOnClose } from './drain-on-close.js';
import { ownContract } from './own-contract.js';
import { ServiceModule } from './service.module.js';

/** Variables by name, usually `process.env`. */
export type Env = Readonly<Record<string, string | undefined>>;

/** A service that is built and does not listen. */
export interface BuiltService {
  readonly name: string;
  readonly app: INestApplication;
  readonly server: ServerOptions;
  readonly logger: Logger;
}

/**
 * Builds the Nest application of a service: contract, environment, logs, request ids, errors, health, API document.
 * It does not listen: `await app.listen(0, '127.0.0.1')` in a test, {@link startService} in `main.ts`.
 *
 * @param service what {@link defineService} answered
 * @param env variables by name. Default `process.env`
 * @throws {@link BootError} `contract_invalid`
 * @throws {@link EnvironmentError} `environment_invalid`
 */
export async function createService<Parts extends EnvironmentParts>(
  service: Service<Parts>,
  env: Env = process.env,
): Promise<INestApplication> {
  return (await buildService(service, env)).app;
}

/** As {@link createService}, with what starting the service needs beside the application. */
export async function buildService<Parts extends EnvironmentParts>(
  service: Service<Parts>,
  env: Env,
): Promise<BuiltService> {
  const { name, config } = configure(service, env);
  const { server } = config;
  const logger = createLogger({ service: name, level: server.logLevel });
  const inFlight = new RequestsInFlight();
  const lifecycle = new RequestLifecycle(logger, inFlight);
  const platformOptions = { bodyLimit: server.bodyLimit, trustProxy: server.trustProxy, lifecycle };
  const platform =
    service.adapter === 'express' ? await expressPlatform(platformOptions) : fastifyPlatform(platformOptions);
  const root = ServiceModule.of(service.module(config), () => app.startAllMicroservices());
  const app: INestApplication = await NestFactory.create(root, platform.adapter, {
    logger: new NestLogger(logger),
    abortOnError: false,
    bodyParser: false,
  });
  platform.prepare(app);
  app.useGlobalPipes(validationPipe());
  app.useGlobalFilters(new ErrorsFilter(platform));
  drainOnClose(platform.adapter, { readiness: app.get(Readiness), inFlight, server, logger });
  for (const options of service.microservices?.(config) ?? [])
    app.connectMicroservice(options, { inheritAppConfig: true });
  if (service.openapi !== false) {
    const { serveOpenApi } = await import('../openapi/open-api.js');
    serveOpenApi(app, name, service.openapi ?? {});
  }
  await service.configure?.(app, config);
  return { name, app, server, logger };
}

/** The name of a service, and its configuration from the environment. */
export function configure<Parts extends EnvironmentParts>(service: Service<Parts>, env: Env) {
  const { name, parts, port } = describe(service);
  const config = readEnvironment(env, { ...parts, server: serverEnv({ port }) }, { service: name });
  return { name, config: config as unknown as ServiceConfig<Parts> };
}

/** What a service says of itself before its environment is read. */
export function describe<Parts extends EnvironmentParts>(service: Service<Parts>) {
  if (!service.contract) return { name: service.name, parts: service.environment(), port: service.port };
  const contract = ownContract(service.contract);
  return {
    name: contract.service,
    parts: service.environment(contract),
    port: service.port ?? contract.port,
  };
}
