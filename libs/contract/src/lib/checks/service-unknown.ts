import { errorAt, listNames, type JointCheck } from './check.js';

/** Both ends of a connection have a contract. */
export const serviceUnknown: JointCheck = function* (loaded, { byService, names }) {
  for (const member of ['allows', 'calls'] as const) {
    for (const service of Object.keys(loaded.contract[member])) {
      if (byService.has(service)) continue;
      const message = `No contract is named ${service}. Correct the name or add its contract. Known: ${listNames(names)}.`;
      yield errorAt(loaded, [member, service], 'service_unknown', message);
    }
  }
};
