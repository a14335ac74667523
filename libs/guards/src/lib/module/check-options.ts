import type { z } from 'zod';
import { AuthOptionsError } from '../errors/auth-options-error.js';
import type { KeySetEvent } from '../keys/key-set-event.js';
import { KeySetLog } from '../keys/key-set-log.js';
import type { ReportOnlyRule } from '../requirement/report-only.js';
import type { SenderConstraintOptions } from '../sender/sender-constraint-options.js';
import { AccessTokenVerifier } from '../verifier/access-token-verifier.js';
import type { AccessTokenVerifierOptions, IssuerOptions, SenderOptions } from '../verifier/options.js';
import type { AuthModuleOptions, OwnContract } from './auth-module-options.js';
import { issuerOptionNames, moduleSchema } from './module-schema.js';

/** The options of the module that are not the verifier's, with their defaults. */
export interface CheckedAuthOptions {
  readonly issuers: readonly IssuerOptions[];
  readonly audiences: readonly string[];
  readonly realm: string;
  readonly coverage: 'enforce' | 'warn';
  readonly prefetch: boolean;
  readonly publicUrl: string | undefined;
  readonly contract: OwnContract | undefined;
  readonly sender: SenderConstraintOptions;
  readonly reportOnly: readonly ReportOnlyRule[];
}

/** A module that may boot: its options hold, and its verifier was made from them. */
export interface CheckedAuth {
  readonly options: CheckedAuthOptions;
  readonly verifier: AccessTokenVerifier;
}

/**
 * Checks the options of the module and makes its verifier from them.
 *
 * @throws AuthOptionsError `options_invalid` with every problem at once
 */
export function checkOptions(options: AuthModuleOptions): CheckedAuth {
  if (typeof options !== 'object' || options === null)
    throw new AuthOptionsError(['the options must be an object']);
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
      sender: options.sender ?? {},
      reportOnly: options.reportOnly ?? [],
    },
  };
}

function moduleProblems(options: AuthModuleOptions): string[] {
  const parsed = moduleSchema.safeParse(options);
  const problems = parsed.success ? [] : parsed.error.issues.flatMap(described);
  if (options.issuers !== undefined && issuerOptionNames.some((name) => options[name] !== undefined)) {
    problems.push(
      `issuers: takes the place of ${issuerOptionNames.join(', ')}, which belong to each issuer in it`,
    );
  }
  return problems;
}

/** Of a union, what is wrong with its objects: the other members are plain switches. */
function described(issue: z.core.$ZodIssue): string[] {
  if (issue.code === 'invalid_union') {
    const nested = issue.errors.find((issues) =>
      issues.some(({ path, code }) => path.length > 0 || code === 'unrecognized_keys'),
    );
    if (nested)
      return nested.flatMap((inner) => described({ ...inner, path: [...issue.path, ...inner.path] }));
  }
  return [issue.path.length > 0 ? `${issue.path.join('.')}: ${issue.message}` : issue.message];
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

function issuersOf(options: AuthModuleOptions): readonly IssuerOptions[] {
  if (Array.isArray(options.issuers)) return options.issuers as readonly IssuerOptions[];
  const { issuer, jwksUri, dialect, algorithms, requiredClaims, keys } = options;
  if (issuer === undefined) return [];
  return [withoutUndefined({ issuer, jwksUri, dialect, algorithms, requiredClaims, keys })];
}

function forVerifier(options: AuthModuleOptions): Partial<AccessTokenVerifierOptions> {
  const { denylist, clockToleranceSeconds, cacheSize, maxTokenLength, onKeySetEvent, sender } = options;
  return withoutUndefined({
    denylist,
    clockToleranceSeconds,
    cacheSize,
    maxTokenLength,
    onKeySetEvent: logged(onKeySetEvent),
    sender: senderOf(sender),
  });
}

/** Tells the log, and then whoever wants to know. */
function logged(listener: AuthModuleOptions['onKeySetEvent']): (event: KeySetEvent) => void {
  const log = new KeySetLog();
  return (event) => {
    log.note(event);
    listener?.(event);
  };
}

function senderOf({ required, dpop }: SenderConstraintOptions = {}): SenderOptions {
  return withoutUndefined({ required, dpop: typeof dpop === 'object' ? dpop : undefined });
}

function audiencesOf({ audience, contract }: AuthModuleOptions): readonly string[] {
  return [audience ?? contract?.audience ?? []].flat();
}

type Defined<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** The options that were given, and no others. */
function withoutUndefined<T extends object>(options: T): Defined<T> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Defined<T>;
}
