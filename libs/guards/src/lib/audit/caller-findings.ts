import { type CallerGroup, clientsOf, isOneOf, namesIssuers } from '../requirement/caller-group.js';

/**
 * What is wrong with the clients that a handler names.
 *
 * @param groups the clients of each `@CallerIs()`
 * @param trusted the issuers of the service
 */
export function callerProblems(groups: readonly CallerGroup[], trusted: readonly string[]): string[] {
  const problems = groups.flatMap((group) =>
    namesIssuers(group) ? unknownIssuers(group.issuers, trusted) : ambiguous(group, trusted),
  );
  if (groups.length > 1 && problems.length === 0 && !someClient(groups, trusted)) {
    problems.push('allows no client: class and handler name different ones');
  }
  return problems;
}

/** A client id is unique at its issuer only: at another one, the same id may be anybody's. */
function ambiguous(clients: readonly string[], trusted: readonly string[]): string[] {
  if (trusted.length < 2) return [];
  const named = clients.map((client) => `'${client}'`).join(', ');
  return [
    `names the client ${clients.join(' or ')} without its issuer, and ${trusted.length} issuers are trusted: ` +
      `write @CallerIs(${named}, { issuer: '…' })`,
  ];
}

function unknownIssuers(named: readonly string[], trusted: readonly string[]): string[] {
  return named
    .filter((issuer) => !trusted.includes(issuer))
    .map((issuer) => `names a client of the issuer ${issuer}, which is not trusted here`);
}

function someClient([first = [], ...others]: readonly CallerGroup[], trusted: readonly string[]): boolean {
  const issuers = namesIssuers(first) ? first.issuers : trusted;
  return clientsOf(first).some((clientId) =>
    issuers.some((issuer) => others.every((group) => isOneOf(group, { clientId, issuer }))),
  );
}
