import { errorAt, type OwnCheck } from './check.js';

/** `read:read:orders` or `orders/orders/read`: a prefix that a tool or a hand has put on twice. */
const repeatedPrefix = /^([^:/]+[:/])\1/;

/** A scope is named once; a prefix that stands before it twice is a mistake that no token will ever match. */
export const scopePrefixRepeated: OwnCheck = function* (loaded) {
  for (const scope of Object.keys(loaded.contract.scopes)) {
    const prefix = repeatedPrefix.exec(scope)?.[1];
    if (prefix === undefined) continue;
    yield errorAt(
      loaded,
      ['scopes', scope],
      'scope_prefix_repeated',
      `Write the prefix ${prefix} only once.`,
    );
  }
};
