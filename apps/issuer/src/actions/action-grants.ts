/** What an Action may reach of the process and the machine around it; nothing where nothing is named. */
export interface ActionGrants {
  /** Names of Node's globals, such as `fetch` or `URL`. */
  readonly globals: readonly string[];
  /** Node's own modules that it may `require`, such as `crypto`. */
  readonly modules: readonly string[];
  /** Variables of the issuer's environment that it reads as `process.env`. */
  readonly env: readonly string[];
  /** Files and folders that may be read where `fs` is granted. */
  readonly files: readonly string[];
}

/** Grants nothing. */
export const noGrants: ActionGrants = { globals: [], modules: [], env: [], files: [] };

/** Whether a text is one grant: a global's name, `require:<module>`, `env:<name>` or `read:<path>`. */
export const isGrant = (text: string): boolean =>
  /^(?:[A-Za-z]\w{0,63}|require:(?:node:)?[a-z][a-z0-9_/]{0,63}|env:[A-Za-z_]\w{0,99}|read:[^,]{1,500})$/.test(
    text,
  );

/**
 * Reads grants.
 *
 * @param texts each one {@link isGrant}
 */
export function parseGrants(texts: readonly string[]): ActionGrants {
  const of = (prefix: string) =>
    texts.filter((text) => text.startsWith(prefix)).map((text) => text.slice(prefix.length));
  return {
    globals: texts.filter((text) => !text.includes(':')),
    modules: of('require:').map((name) => name.replace(/^node:/, '')),
    env: of('env:'),
    files: of('read:'),
  };
}
