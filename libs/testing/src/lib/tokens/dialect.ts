import { randomUUID } from 'node:crypto';

/** The shapes in which the well-known authorization servers write an access token. */
export type Dialect = 'auth0' | 'rfc9068' | 'keycloak' | 'okta' | 'entra' | 'cognito' | 'hydra';

/** What a token says, before a dialect gives it its names. */
export interface Grant {
  readonly clientId: string;
  readonly audience: string | readonly string[];
  readonly scopes: readonly string[];
}

/** The part of a token that differs from dialect to dialect. */
export interface DialectParts {
  readonly header: Record<string, unknown>;
  readonly claims: Record<string, unknown>;
}

const scopeText = (grant: Grant): string => grant.scopes.join(' ');

const dialects: Record<Dialect, (grant: Grant) => DialectParts> = {
  auth0: (grant) => ({
    header: { typ: 'JWT' },
    claims: {
      sub: `${grant.clientId}@clients`,
      aud: grant.audience,
      azp: grant.clientId,
      scope: scopeText(grant),
      gty: 'client-credentials',
    },
  }),
  rfc9068: (grant) => ({
    header: { typ: 'at+jwt' },
    claims: {
      sub: grant.clientId,
      aud: grant.audience,
      client_id: grant.clientId,
      scope: scopeText(grant),
      jti: randomUUID(),
    },
  }),
  keycloak: (grant) => ({
    header: { typ: 'JWT' },
    claims: {
      sub: randomUUID(),
      aud: grant.audience,
      typ: 'Bearer',
      azp: grant.clientId,
      client_id: grant.clientId,
      scope: scopeText(grant),
      jti: randomUUID(),
    },
  }),
  okta: (grant) => ({
    header: {},
    claims: {
      sub: grant.clientId,
      aud: grant.audience,
      cid: grant.clientId,
      scp: grant.scopes,
      ver: 1,
      jti: `AT.${randomUUID()}`,
    },
  }),
  entra: (grant) => ({
    header: { typ: 'JWT' },
    claims: {
      sub: randomUUID(),
      aud: grant.audience,
      azp: grant.clientId,
      azpacr: '1',
      roles: grant.scopes,
      ver: '2.0',
      uti: randomUUID(),
    },
  }),
  cognito: (grant) => ({
    header: {},
    claims: {
      sub: grant.clientId,
      client_id: grant.clientId,
      token_use: 'access',
      scope: grant.scopes.map((scope) => `${[grant.audience].flat().join(' ')}/${scope}`).join(' '),
      version: 2,
      jti: randomUUID(),
    },
  }),
  hydra: (grant) => ({
    header: { typ: 'JWT' },
    claims: {
      sub: grant.clientId,
      aud: [grant.audience].flat(),
      client_id: grant.clientId,
      scp: grant.scopes,
      ext: {},
      jti: randomUUID(),
    },
  }),
};

/** Header and claims of a client-credentials token in one dialect. */
export function dialectParts(dialect: Dialect, grant: Grant): DialectParts {
  return dialects[dialect](grant);
}
