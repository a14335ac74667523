import { z } from 'zod';
import { AuthOptionsError } from '../errors/auth-options-error.js';
import { AccessTokenVerifier } from '../verifier/access-token-verifier.js';
import type { AccessTokenVerifierOptions, IssuerOptions } from '../verifier/options.js';
import type { AuthModuleOptions, OwnContract } from './auth-module-options.js';

/** The options of the module that are not the verifier's, with their defaults. */
export interface CheckedAuthOptions {
  readonly issuers: readonly IssuerOptions[];
  readonly audiences: readonly string[];
  readonly realm: string;
  readonly coverage: 'enforce' | 'warn';
  readonly prefetch: boolean;
  readonly publicUrl: string | undefined;
  readonly contract: OwnContract | undefined;
}

/** A module that may boot: its options hold, and its verifier was made from them. */
export interface CheckedAuth {
  readonly options: CheckedAuthOptions;
  readonly verifier: AccessTokenVerifier;
}

const verifierOptions = ['issuer', 'issuers', 'jwksUri', 'dialect', 'audience', 'denylist'] as const;
const verifierNumbers = ['clockToleranceSeconds', 'cacheSize', 'maxTokenLength'] as const;

const moduleOptions = z.strictObject({
  ...Object.fromEntries(
    [...verifierOptions, ...verifierNumbers].map((option) => [option, z.unknown().optional()]),
  ),
  contract: z
    .looseObject({
      service: z.string().min(1),
      audience: z.string().min(1).optional(),
      scopes: z.record(z.string(), z.string()),
    })
    .optional(),
  coverage: z.enum(['enforce', 'warn']).optional(),
  realm: z.string().min(1).optional(),
  prefetch: z.boolean().optional(),
  publicUrl: z.url({ protocol: /^https?$/, error: 'must be an http or https URL' }).optional(),
});

/**
 * Checks the options of the module and makes its verifier from them.
 *
 * @throws AuthOptionsError `options_invalid` with every problem at once
 */
export function checkOptions(options: AuthModuleOptions): CheckedAuth {
  const problems = moduleProblems(options);
  const audiences = audiencesOf(options);
  const issuers = issuersOf(options);
  const verifier = makeVerifier(options, issuers, audiences, problems);
  if (!verifier || problems.length > 0) {
    verifier?.close();
    throw new AuthOptionsError(problems);
  }
  return {
    verifier,
    options: {
      issuers,
      audiences,
      realm: options.realm ?? (audiences[0] as string),
      coverage: options.coverage ?? 'enforce',
      prefetch: options.prefetch ?? true,
      publicUrl: options.publicUrl,
      contract: options.contract,
    },
  };
}

function moduleProblems(options: AuthModuleOptions): string[] {
  const parsed = moduleOptions.safeParse(options);
  const problems = parsed.success
    ? []
    : parsed.error.issues.map(({ path, message }) =>
        path.length > 0 ? `${path.join('.')}: ${message}` : message,
      );
  const { issuer, issuers, jwksUri, dialect } = options;
  if (issuers !== undefined && [issuer, jwksUri, dialect].some((option) => option !== undefined)) {
    problems.push(
      'issuers: takes the place of issuer, jwksUri and dialect, which belong to each issuer in the list',
    );
  }
  return problems;
}

function makeVerifier(
  options: AuthModuleOptions,
  issuers: readonly IssuerOptions[],
  audiences: readonly string[],
  problems: string[],
): AccessTokenVerifier | undefined {
  try {
    return new AccessTokenVerifier({ issuers, audience: audiences, ...forVerifier(options) });
  } catch (error) {
    if (!(error instanceof AuthOptionsError)) throw error;
    problems.push(...error.problems);
    return undefined;
  }
}

function issuersOf({ issuer, issuers, jwksUri, dialect }: AuthModuleOptions): readonly IssuerOptions[] {
  if (issuers) return issuers;
  if (issuer === undefined) return [];
  return [{ issuer, ...(jwksUri !== undefined && { jwksUri }), ...(dialect !== undefined && { dialect }) }];
}

function forVerifier({
  denylist,
  clockToleranceSeconds,
  cacheSize,
  maxTokenLength,
}: AuthModuleOptions): Partial<AccessTokenVerifierOptions> {
  return {
    ...(denylist && { denylist }),
    ...(clockToleranceSeconds !== undefined && { clockToleranceSeconds }),
    ...(cacheSize !== undefined && { cacheSize }),
    ...(maxTokenLength !== undefined && { maxTokenLength }),
  };
}

function audiencesOf({ audience, contract }: AuthModuleOptions): readonly string[] {
  const given = audience ?? contract?.audience ?? [];
  return typeof given === 'string' ? [given] : [...given];
}
