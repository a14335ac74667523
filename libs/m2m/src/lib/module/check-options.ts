import { budgetProblems } from '../budget/token-budget.js';
import { clientAuthenticationMethods } from '../engine/client-authentication.js';
import { isInsecure } from '../engine/insecure-url.js';
import { M2mOptionsError } from '../errors/options-error.js';
import { presets } from '../presets/preset.js';
import { keyRingProblems } from '../store/key-ring.js';
import type { ConnectionOptions, M2mModuleOptions } from './m2m-module-options.js';
import { isRedisUrl, urlProblem } from './url-problem.js';

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
    ...mtlsProblems(options),
    ...storeProblems(options),
    ...warmUpProblems(options),
    ...(options.budget ? budgetProblems(options.budget) : []).map((problem) => `budget.${problem}.`),
    ...exchangeProblems(options),
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

function credentialProblems(options: M2mModuleOptions): string[] {
  const { clientSecret, nextClientSecret, privateKey, mtls, clientAuthentication } = options;
  const byCertificate = clientAuthentication?.endsWith('tls_client_auth') ?? false;
  if (clientSecret !== undefined && privateKey !== undefined)
    return ['clientSecret or privateKey: set one, not both.'];
  if (byCertificate && mtls === undefined)
    return [`clientAuthentication ${clientAuthentication} needs mtls: the certificate and its key.`];
  if (byCertificate && (clientSecret !== undefined || privateKey !== undefined))
    return [`clientSecret and privateKey have no use beside clientAuthentication ${clientAuthentication}.`];
  if (clientAuthentication !== undefined && !clientAuthenticationMethods.includes(clientAuthentication))
    return [`clientAuthentication must be one of ${clientAuthenticationMethods.join(', ')}.`];
  if (clientAuthentication?.startsWith('client_secret') && clientSecret === undefined)
    return [`clientAuthentication ${clientAuthentication} needs clientSecret.`];
  if (clientSecret === undefined && privateKey === undefined && mtls === undefined)
    return ['clientSecret or privateKey must be set: without one this service cannot prove who it is.'];
  return nextClientSecret !== undefined && clientSecret === undefined
    ? ['nextClientSecret has no use without clientSecret.']
    : [];
}

/** A certificate is presented over TLS alone. */
function mtlsProblems({ mtls, issuer, tokenUrl, connections }: M2mModuleOptions): string[] {
  if (mtls === undefined) return [];
  const urls = Object.entries({
    issuer,
    ...(tokenUrl !== undefined && { tokenUrl }),
    ...Object.fromEntries(
      Object.entries(connections ?? {}).map(([name, { baseUrl }]) => [
        `connections.${name}.baseUrl`,
        baseUrl,
      ]),
    ),
  });
  return urls
    .filter(([, url]) => URL.canParse(url) && new URL(url).protocol !== 'https:')
    .map(([name]) => `${name} must be an https URL: mtls presents the client certificate there.`);
}

function warmUpProblems({ warmUp }: M2mModuleOptions): string[] {
  if (typeof warmUp !== 'object' || (warmUp.jitter >= 0 && warmUp.jitter <= longestTimeout)) return [];
  return [`warmUp.jitter must be from 0 to ${longestTimeout} milliseconds.`];
}

function storeProblems({ store }: M2mModuleOptions): string[] {
  if (store === undefined || !('url' in store)) return [];
  return [
    ...(isRedisUrl(store.url) ? [] : ['store.url must be a redis:// or rediss:// URL.']),
    ...keyRingProblems(store.keys).map((problem) => `store.keys: ${problem}.`),
  ];
}

function exchangeProblems({ connections, provider = 'auth0', onBehalfOf }: M2mModuleOptions): string[] {
  const names = Object.entries(connections ?? {}).flatMap(([name, { exchange }]) => (exchange ? [name] : []));
  if (onBehalfOf !== undefined && names.length === 0)
    return ['onBehalfOf has no use without a connection with exchange: true.'];
  return Object.hasOwn(presets, provider) && presets[provider].exchange === undefined
    ? names.map((name) => `connections.${name}.exchange: ${provider} exchanges no tokens.`)
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
