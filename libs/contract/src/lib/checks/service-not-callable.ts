import { errorAt, type JointCheck } from './check.js';

/** Only a service with an audience can be called with a token. */
export const serviceNotCallable: JointCheck = function* (loaded, { byService }) {
  for (const service of Object.keys(loaded.contract.calls)) {
    const callee = byService.get(service);
    if (
      !callee ||
      callee.contract.audience !== undefined ||
      callee.contract.service === loaded.contract.service
    )
      continue;
    const message = `${service} is a pure client and has no API to call. Give it an audience, or remove the entry.`;
    yield errorAt(loaded, ['calls', service], 'service_not_callable', message);
  }
};
