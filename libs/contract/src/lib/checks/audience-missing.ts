import { errorAt, type OwnCheck } from './check.js';

/** Without an audience a contract is a pure client, which nobody can call. */
export const audienceMissing: OwnCheck = function* (loaded) {
  const { audience, scopes, allows, tokenLifetime } = loaded.contract;
  if (audience !== undefined) return;
  const owned = {
    scopes: Object.keys(scopes).length > 0,
    allows: Object.keys(allows).length > 0,
    tokenLifetime: tokenLifetime !== undefined,
  };
  for (const [member, present] of Object.entries(owned)) {
    if (!present) continue;
    yield errorAt(
      loaded,
      [member],
      'audience_missing',
      `A contract without an audience is a pure client and has no ${member}. Add the audience, or remove ${member}.`,
    );
  }
};
