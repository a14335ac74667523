import type { Claims, Dialect } from './dialect.js';

/**
 * Amazon Cognito. Its access tokens have no `typ` header and, unless a resource was asked for, no `aud`: the API is
 * named by the scopes, each of which is `<resource server identifier>/<scope>`. A token without `aud` is therefore
 * meant for the resource servers of its scopes. Where the verifier has one audience, the scopes of that resource
 * server are known by their short names too.
 */
export const cognito: Dialect = {
  name: 'cognito',
  types: ['jwt', 'at+jwt'],
  typeOptional: true,
  algorithms: ['RS256'],
  requiredClaims: ['iat', 'jti'],
  fixedClaims: { token_use: 'access' },
  clientIdClaims: ['client_id'],
  scopeClaims: ['scope'],
  audienceWithoutClaim: resourceServers,
  localScopes: withShortNames,
};

function resourceServers({ scope }: Claims): readonly string[] {
  if (typeof scope !== 'string') return [];
  const qualified = scope.split(' ').filter((name) => name.lastIndexOf('/') > 0);
  return [...new Set(qualified.map((name) => name.slice(0, name.lastIndexOf('/'))))];
}

function withShortNames(scopes: readonly string[], audiences: readonly string[]): readonly string[] {
  if (audiences.length !== 1) return scopes;
  const prefix = `${audiences[0]}/`;
  const own = scopes.filter((name) => name.lastIndexOf('/') === prefix.length - 1 && name.startsWith(prefix));
  return [...scopes, ...own.map((name) => name.slice(prefix.length))];
}
