import { errorAt, type OwnCheck } from './check.js';

/** A service needs no token for itself. */
export const selfCall: OwnCheck = function* (loaded) {
  const { service } = loaded.contract;
  for (const member of ['allows', 'calls'] as const) {
    if (!Object.hasOwn(loaded.contract[member], service)) continue;
    const message =
      'A service needs no token to call itself. Remove the entry and call the provider directly.';
    yield errorAt(loaded, [member, service], 'self_call', message);
  }
};
