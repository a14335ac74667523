/** What a token endpoint under load needs to know; handed over as JSON in `BENCH_CONFIG`. */
export interface IssuerConfig {
  readonly algorithm: IssuerAlgorithm;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly audience: string;
  readonly scope: string;
}

/** The algorithms that every contender can sign with. */
export type IssuerAlgorithm = 'RS256' | 'PS256' | 'ES256';

export const issuerConfig = (): IssuerConfig => JSON.parse(process.env['BENCH_CONFIG'] ?? '') as IssuerConfig;
