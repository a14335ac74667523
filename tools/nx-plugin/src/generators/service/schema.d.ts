/** How other services reach a service. */
export type ServiceTransport = 'http' | 'nats' | 'tcp' | 'grpc';

/** The HTTP framework of a service. */
export type ServiceAdapter = 'fastify' | 'express';

/** Options of the generator `service`. */
export interface ServiceGeneratorOptions {
  /** Name of the service: its folder below `apps/` and its `client_id`. */
  name: string;
  /** The scopes that it owns, separated by commas. */
  scopes: string;
  /** What it calls, as `<service>:<scope>`, separated by commas. Default: nothing. */
  calls?: string;
  /** Who may ask for which of its scopes, as `<client>:<scope>`, separated by commas. Default: nobody. */
  allows?: string;
  /** How other services reach it. Default: `http`. */
  transport?: ServiceTransport;
  /** The HTTP framework. Default: `fastify`. */
  adapter?: ServiceAdapter;
  /** Where it listens, or `auto` for one more than the highest port in any contract. Default: `auto`. */
  port?: string | number;
  /** Who owns it in `CODEOWNERS`, where that file exists. Default: the owner of everything in it. */
  owner?: string;
  /** Do not let npm link the new package. Default: false. */
  skipInstall?: boolean;
}
