/** A scope token of RFC 6749 §3.3: printable ASCII without space, `"` and `\`. */
const SCOPE_TOKEN = /^[\x21\x23-\x5B\x5D-\x7E]+$/;

/**
 * Refuses, while the class is being defined, a decorator that was given nothing or something that cannot be a
 * scope, for example two scopes in one string.
 *
 * @throws TypeError naming the decorator and what it was given
 */
export function assertScopes(decorator: string, scopes: readonly string[]): void {
  assertNamed(decorator, 'scope', scopes);
  for (const scope of scopes) {
    if (!SCOPE_TOKEN.test(scope)) {
      throw new TypeError(
        `@${decorator}() was given ${JSON.stringify(scope)}, which is not one scope: write each scope as an argument of its own.`,
      );
    }
  }
}

/**
 * Refuses, while the class is being defined, a decorator that was given no name or an empty one.
 *
 * @throws TypeError naming the decorator
 */
export function assertNamed(decorator: string, what: string, names: readonly string[]): void {
  if (names.length === 0) throw new TypeError(`@${decorator}() needs at least one ${what}.`);
  for (const name of names) {
    if (typeof name !== 'string' || name.trim() === '') {
      throw new TypeError(`@${decorator}() was given an empty ${what}.`);
    }
  }
}
