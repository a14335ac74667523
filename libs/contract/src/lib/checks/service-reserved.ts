import { errorAt, type OwnCheck } from './check.js';

/** Service names whose variables (`AUTH_AUDIENCE`, `M2M_REDIS_URL`, `DATABASE_URL`) mean something else. */
const reserved = /^(?:auth|m2m|issuer|database)(?:-|$)/;

/** A service's name is the prefix of the variables that its callers read, so it must not be one that is in use. */
export const serviceReserved: OwnCheck = function* (loaded) {
  if (!reserved.test(loaded.contract.service)) return;
  yield errorAt(
    loaded,
    ['service'],
    'service_reserved',
    'Choose another name: auth, m2m, issuer and database, alone or before a hyphen, are prefixes of other variables.',
  );
};
