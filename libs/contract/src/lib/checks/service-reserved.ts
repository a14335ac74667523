import { reservedServiceName } from '../contract.schema.js';
import { errorAt, type OwnCheck } from './check.js';

/** A service's name is the prefix of the variables that its callers read, so it must not be one that is in use. */
export const serviceReserved: OwnCheck = function* (loaded) {
  if (!reservedServiceName.test(loaded.contract.service)) return;
  yield errorAt(
    loaded,
    ['service'],
    'service_reserved',
    'Choose another name: auth, m2m, issuer and database, alone or before a hyphen, are prefixes of other variables.',
  );
};
