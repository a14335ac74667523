/** What a server under load needs to know of the issuer; handed over as JSON in `BENCH_CONFIG`. */
export interface ServerConfig {
  readonly variant: string;
  readonly platform: Platform;
  readonly issuer: string;
  readonly jwksUri: string;
  readonly audience: string;
  readonly scope: string;
  readonly algorithm: string;
}

/** The two HTTP adapters of Nest. */
export type Platform = 'fastify' | 'express';
