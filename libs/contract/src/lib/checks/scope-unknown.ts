import { errorAt, listNames, scopesOf, type JointCheck, type OwnCheck } from './check.js';

const choices = (scopes: Record<string, string>) => `Its scopes: ${listNames(Object.keys(scopes).sort())}.`;

/** A service can allow only scopes that it owns. */
export const allowedScopeUnknown: OwnCheck = function* (loaded) {
  const { audience, scopes } = loaded.contract;
  if (audience === undefined) return;
  for (const { scope, path } of scopesOf(loaded, 'allows')) {
    if (Object.hasOwn(scopes, scope)) continue;
    const message = `This service owns no scope ${scope}. Add it to scopes or correct its name. ${choices(scopes)}`;
    yield errorAt(loaded, path, 'scope_unknown', message);
  }
};

/** A caller can ask only for scopes that the callee owns. */
export const calledScopeUnknown: JointCheck = function* (loaded, { byService }) {
  for (const { service, scope, path } of scopesOf(loaded, 'calls')) {
    const callee = byService.get(service)?.contract;
    if (callee?.audience === undefined || Object.hasOwn(callee.scopes, scope)) continue;
    const message = `${service} owns no scope ${scope}. Correct its name. ${choices(callee.scopes)}`;
    yield errorAt(loaded, path, 'scope_unknown', message);
  }
};
