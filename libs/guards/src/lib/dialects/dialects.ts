import { auth0 } from './auth0.js';
import { cognito } from './cognito.js';
import type { Dialect, DialectName } from './dialect.js';
import { entra } from './entra.js';
import { hydra } from './hydra.js';
import { keycloak } from './keycloak.js';
import { okta } from './okta.js';
import { rfc9068 } from './rfc9068.js';

/** The presets, by name. */
export const dialects: Readonly<Record<DialectName, Dialect>> = {
  auth0,
  rfc9068,
  keycloak,
  okta,
  entra,
  cognito,
  hydra,
};
