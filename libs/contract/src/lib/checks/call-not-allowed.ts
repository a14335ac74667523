import { errorAt, scopesOf, type JointCheck } from './check.js';

/** A need without consent: the callee does not allow what the caller asks for. */
export const callNotAllowed: JointCheck = function* (loaded, { byService }) {
  const caller = loaded.contract.service;
  for (const { service, scope, path } of scopesOf(loaded, 'calls')) {
    const callee = byService.get(service);
    if (!callee || service === caller || !Object.hasOwn(callee.contract.scopes, scope)) continue;
    const { allows } = callee.contract;
    if (Object.hasOwn(allows, caller) && allows[caller]?.includes(scope)) continue;
    const message = `${service} does not allow ${caller} the scope ${scope}. Ask its owners to add it to allows.${caller} in ${callee.file}, or remove it here.`;
    yield errorAt(loaded, path, 'call_not_allowed', message);
  }
};
