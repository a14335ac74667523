import { z } from 'zod';
import type { DialectName } from '../dialects/dialect.js';
import type { AuthModuleOptions, OwnContract } from './auth-module-options.js';

const LOCAL_ISSUER = 'http://localhost:4100/';

const providers = [
  'auth0',
  'rfc9068',
  'keycloak',
  'okta',
  'entra',
  'cognito',
  'hydra',
] as const satisfies DialectName[];

/** An empty value counts as unset. */
function unset(value: unknown): unknown {
  return typeof value === 'string' && value.trim() === '' ? undefined : value;
}

const url = z.url({ protocol: /^https?$/, error: 'must be an http or https URL' });

/**
 * The environment of incoming tokens as a Standard Schema that turns straight into the options of `AuthModule`.
 *
 * | name | meaning |
 * |---|---|
 * | `AUTH_ISSUER` | exact `iss`, trailing slash included; default `http://localhost:4100/` unless `NODE_ENV` is `production` |
 * | `AUTH_AUDIENCE` | one audience, or several with commas between; default: the contract's |
 * | `AUTH_JWKS_URI` | where the keys are; default: discovery at the issuer |
 * | `AUTH_PROVIDER` | `auth0` (default), `rfc9068`, `keycloak`, `okta`, `entra`, `cognito`, `hydra` |
 *
 * @param contract the contract of this service
 * @example
 * ```ts
 * AuthModule.forRoot(authEnv(contract).parse(process.env))
 * ```
 */
export function authEnv(contract: OwnContract) {
  return z
    .object({
      NODE_ENV: z.preprocess(unset, z.string().optional()),
      AUTH_ISSUER: z.preprocess(unset, url.optional()),
      AUTH_AUDIENCE: z.preprocess(unset, z.string().transform(listed).optional()),
      AUTH_JWKS_URI: z.preprocess(unset, url.optional()),
      AUTH_PROVIDER: z.preprocess(unset, z.enum(providers).default('auth0')),
    })
    .refine(({ NODE_ENV, AUTH_ISSUER }) => AUTH_ISSUER !== undefined || NODE_ENV !== 'production', {
      path: ['AUTH_ISSUER'],
      error: 'is required in production',
      when: soundSoFar('AUTH_ISSUER'),
    })
    .refine(({ AUTH_AUDIENCE }) => (AUTH_AUDIENCE ?? [contract.audience]).some((audience) => audience), {
      path: ['AUTH_AUDIENCE'],
      error: `is required: the contract of ${contract.service} has no audience`,
      when: soundSoFar('AUTH_AUDIENCE'),
    })
    .transform((env): AuthModuleOptions => ({
      contract,
      issuer: env.AUTH_ISSUER ?? LOCAL_ISSUER,
      audience: env.AUTH_AUDIENCE ?? contract.audience,
      dialect: env.AUTH_PROVIDER,
      ...(env.AUTH_JWKS_URI !== undefined && { jwksUri: env.AUTH_JWKS_URI }),
    }));
}

/** Lets a check run beside the problems of other variables, so that all are reported at once. */
function soundSoFar(variable: string): (payload: z.core.ParsePayload) => boolean {
  return ({ issues }) => issues.every(({ path }) => path?.[0] !== variable);
}

function listed(value: string): string[] {
  return value
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}
