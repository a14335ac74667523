import { isInsecure } from '../engine/insecure-url.js';
import { M2mOptionsError } from '../errors/options-error.js';
import { presets } from '../presets/preset.js';
import type { ConnectionOptions, M2mModuleOptions } from './m2m-module-options.js';
import { urlProblem } from './url-problem.js';

const longestTimeout = 600_000;

/**
 * Refuses options that cannot work.
 *
 * @throws M2mOptionsError with every problem at once
 */
export function checkOptions(options: M2mModuleOptions): void {
  const problems = [
    ...issuerProblems('issuer', options.issuer, options.allowInsecureIssuer),
    ...(options.tokenUrl === undefined
      ? []
      : issuerProblems('tokenUrl', options.tokenUrl, options.allowInsecureIssuer)),
    ...(options.provider === undefined || Object.hasOwn(presets, options.provider)
      ? []
      : [`provider must be one of ${Object.keys(presets).join(', ')}.`]),
    ...(options.clientId
      ? []
      : ['clientId is not set: it is the id of this service at the authorization server.']),
    ...credentialProblems(options),
    ...Object.entries(options.connections ?? {}).flatMap(([name, connection]) =>
      connectionProblems(name, connection),
    ),
  ];
  if (problems.length > 0) throw new M2mOptionsError(problems);
}

function issuerProblems(name: string, url: string, allowInsecure = false): string[] {
  const problem = urlProblem(url);
  if (problem !== undefined) return [`${name} ${problem}.`];
  return isInsecure(new URL(url)) && !allowInsecure
    ? [`${name} must be an https URL: the client secret is sent there.`]
    : [];
}

function credentialProblems({ clientSecret, nextClientSecret, privateKey }: M2mModuleOptions): string[] {
  if (clientSecret !== undefined && privateKey !== undefined)
    return ['clientSecret or privateKey: set one, not both.'];
  if (clientSecret === undefined && privateKey === undefined)
    return ['clientSecret or privateKey must be set: without one this service cannot prove who it is.'];
  return nextClientSecret !== undefined && privateKey !== undefined
    ? ['nextClientSecret has no use beside privateKey.']
    : [];
}

function connectionProblems(
  name: string,
  { baseUrl, audience, timeout, maxResponseBytes }: ConnectionOptions,
): string[] {
  const problem = urlProblem(baseUrl);
  return [
    ...(problem === undefined ? [] : [`connections.${name}.baseUrl ${problem}.`]),
    ...(audience
      ? []
      : [`connections.${name}.audience is not set: it is the identifier of the callee's API.`]),
    ...(timeout === undefined || (timeout > 0 && timeout <= longestTimeout)
      ? []
      : [`connections.${name}.timeout must be from 1 to ${longestTimeout} milliseconds.`]),
    ...(maxResponseBytes === undefined || maxResponseBytes > 0
      ? []
      : [`connections.${name}.maxResponseBytes must be more than 0.`]),
  ];
}
