import { jsonPointer } from '../json-pointer.js';
import { scopesOf, type JointCheck } from './check.js';

/** A consent without need: least privilege says to take it back. */
export const permissionUnused: JointCheck = function* (loaded, { byService }) {
  const callee = loaded.contract.service;
  for (const { service, scope, path } of scopesOf(loaded, 'allows')) {
    const caller = byService.get(service);
    if (!caller || service === callee || !Object.hasOwn(loaded.contract.scopes, scope)) continue;
    const { calls } = caller.contract;
    if (Object.hasOwn(calls, callee) && calls[callee]?.includes(scope)) continue;
    yield {
      code: 'permission_unused',
      severity: 'warning',
      file: loaded.file,
      pointer: jsonPointer(path),
      message: `${service} does not ask for ${scope}. Remove the permission, or add it to calls.${callee} in ${caller.file}.`,
    };
  }
};
