/** The RFC 6901 JSON pointer of a path: `['scopes', 'a/b']` → `/scopes/a~1b`. */
export const jsonPointer = (path: readonly PropertyKey[]): string =>
  path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
