import { dialectProblems } from '../dialects/dialect-problems.js';
import { isSignatureAlgorithm, signatureAlgorithms } from '../keys/algorithms.js';
import { endpointProblem } from '../keys/endpoint.js';
import { type KeySetTuning, tuningRanges } from '../keys/key-set-limits.js';
import type { DpopOptions } from '../sender/dpop-options.js';
import type { AccessTokenVerifierOptions, IssuerOptions } from './options.js';

/** Everything that is wrong with the options of a verifier. They may come from untyped code. */
export function optionProblems(options: AccessTokenVerifierOptions): readonly string[] {
  const issuers: readonly IssuerOptions[] = Array.isArray(options.issuers) ? options.issuers : [];
  return [
    ...(issuers.length === 0 ? ['issuers must name at least one issuer'] : []),
    ...issuers.flatMap((issuer, index) => issuerProblems(issuer, `issuers[${index}]`)),
    ...repeated(issuers),
    ...audienceProblems(options.audience),
    ...range('clockToleranceSeconds', options.clockToleranceSeconds, 0, 60),
    ...range('maxTokenLength', options.maxTokenLength, 256, 65_536),
    ...range('cacheSize', options.cacheSize, 0, 1_000_000),
    ...methods('denylist', options.denylist, ['denies']),
    ...dpopProblems(options.sender?.dpop),
  ];
}

function dpopProblems({ maxAgeSeconds, algorithms, replayStore, nonces }: DpopOptions = {}): string[] {
  return [
    ...range('sender.dpop.maxAgeSeconds', maxAgeSeconds, 1, 300),
    ...algorithmProblems('sender.dpop.algorithms', algorithms),
    ...methods('sender.dpop.replayStore', replayStore, ['use']),
    ...methods('sender.dpop.nonces', nonces, ['current', 'accepts']),
  ];
}

function issuerProblems(issuer: IssuerOptions, at: string): string[] {
  if (!isObject(issuer)) return [`${at} must be an object`];
  const { jwksUri, dialect = 'auth0', algorithms, requiredClaims = [], keys = {} } = issuer;
  const address =
    endpointProblem(issuer.issuer) ?? (new URL(issuer.issuer).search ? 'must have no query' : undefined);
  const keysAddress = jwksUri === undefined ? undefined : endpointProblem(jwksUri);
  return [
    ...(address ? [`${at}.issuer ${address}`] : []),
    ...(keysAddress ? [`${at}.jwksUri ${keysAddress}`] : []),
    ...dialectProblems(dialect, `${at}.dialect`),
    ...algorithmProblems(`${at}.algorithms`, algorithms),
    ...(areNames(requiredClaims) ? [] : [`${at}.requiredClaims must be names of claims`]),
    ...(isObject(keys)
      ? Object.entries(tuningRanges).flatMap(([name, [least, most]]) =>
          range(`${at}.keys.${name}`, keys[name as keyof KeySetTuning], least, most),
        )
      : [`${at}.keys must be an object`]),
  ];
}

function algorithmProblems(name: string, algorithms: unknown): string[] {
  if (algorithms === undefined) return [];
  if (Array.isArray(algorithms) && algorithms.length > 0 && algorithms.every(isSignatureAlgorithm)) return [];
  return [`${name} must be some of ${signatureAlgorithms.join(', ')}`];
}

function repeated(issuers: readonly IssuerOptions[]): string[] {
  const names = issuers.filter(isObject).map(({ issuer }) => issuer);
  return new Set(names).size === names.length ? [] : ['issuers must not name one issuer twice'];
}

function audienceProblems(audience: unknown): string[] {
  const names: readonly unknown[] = Array.isArray(audience) ? audience : [audience];
  const good = names.length > 0 && names.every((name) => typeof name === 'string' && name.trim() !== '');
  return good ? [] : ['audience must name at least one audience, and none may be empty'];
}

function range(name: string, value: unknown, least: number, most: number): string[] {
  if (value === undefined || (Number.isFinite(value) && Number(value) >= least && Number(value) <= most))
    return [];
  return [`${name} must be a number from ${least} to ${most}`];
}

function methods(name: string, value: unknown, needed: readonly string[]): string[] {
  if (value === undefined) return [];
  const has = (method: string): boolean =>
    isObject(value) && typeof (value as Record<string, unknown>)[method] === 'function';
  return needed.every(has) ? [] : [`${name} must have ${needed.join('() and ')}()`];
}

function areNames(value: unknown): boolean {
  return Array.isArray(value) && value.every((name) => typeof name === 'string' && name !== '');
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
