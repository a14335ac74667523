import type { Contract } from '@countersign/contract';
import type { DynamicModule, INestApplication, Type } from '@nestjs/common';
import type { Environment, EnvironmentParts } from '../environment/read-environment.js';
import type { ServerOptions } from '../environment/server.environment.js';
import type { OpenApiOptions } from '../openapi/open-api.js';

/** The configuration a service is built from: `server`, and the output of each part of its environment. */
export type ServiceConfig<Parts extends EnvironmentParts> = Environment<Parts> & {
  readonly server: ServerOptions;
};

/** What every service says about itself, with a contract or without. */
export interface ServiceOptions<Parts extends EnvironmentParts> {
  /** The root module, from the validated configuration. */
  readonly module: (config: ServiceConfig<Parts>) => DynamicModule | Type;
  /** HTTP framework. Default `fastify`. `express` needs `@nestjs/platform-express`. */
  readonly adapter?: 'fastify' | 'express';
  /** The API document and its pages; `false` leaves both out. */
  readonly openapi?: OpenApiOptions | false;
  /**
   * Where it takes messages beside HTTP, with the same guards, pipes and filters, each as the `MicroserviceOptions` of
   * `@nestjs/microservices`, which is needed for it alone. They are taken once every module is initialised. Default none.
   */
  readonly microservices?: (config: ServiceConfig<Parts>) => readonly object[];
  /** The last word on the application before it is initialised, for what the options above do not say. */
  readonly configure?: (app: INestApplication, config: ServiceConfig<Parts>) => void | Promise<void>;
}

/** A service with a contract: its name is the contract's, and it does not boot on an error in it. */
export interface ContractService<Parts extends EnvironmentParts> extends ServiceOptions<Parts> {
  /** Its `contract.json`. */
  readonly contract: URL;
  /** Port where `PORT` is not set. Default: the contract's; without either, `PORT` must be set. */
  readonly port?: number;
  /** The parts of its environment beside `server`. */
  readonly environment: (contract: Contract) => Parts;
}

/** A service without a contract, such as an authorization server. */
export interface PlainService<Parts extends EnvironmentParts> extends ServiceOptions<Parts> {
  readonly contract?: undefined;
  /** Its name, in logs and messages. */
  readonly name: string;
  /** Port where `PORT` is not set; without it, `PORT` must be set. */
  readonly port?: number;
  /** The parts of its environment beside `server`. */
  readonly environment: () => Parts;
}

/** What {@link defineService} answers and {@link createService} and {@link startService} take. */
export type Service<Parts extends EnvironmentParts = EnvironmentParts> =
  ContractService<Parts> | PlainService<Parts>;

/**
 * Describes a service. Reads nothing and starts nothing, so that tests can boot it in their own process.
 *
 * @example
 * ```ts
 * export const service = defineService({
 *   contract: contractFile,
 *   environment: (contract) => ({ auth: authEnv(contract), m2m: m2mEnv(contract, callees) }),
 *   module: (config) => AppModule.forRoot(config),
 * });
 * ```
 */
export function defineService<const Parts extends EnvironmentParts>(
  service: ContractService<Parts>,
): Service<Parts>;
export function defineService<const Parts extends EnvironmentParts>(
  service: PlainService<Parts>,
): Service<Parts>;
export function defineService<const Parts extends EnvironmentParts>(service: Service<Parts>): Service<Parts> {
  return service;
}
