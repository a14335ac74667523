interface Level {
  names?: Set<string>;
  path: (string | number)[];
  key: string | number;
}

/** A string, or one of the characters that shape a document. */
const tokens = /"(?:[^"\\]|\\.)*"|[{}[\],:]/g;

/**
 * Finds members that an object has twice, which `JSON.parse` lets pass: it keeps the last one, and a reviewer sees the
 * first.
 *
 * @param text well-formed JSON
 * @returns the path of each repeated member
 */
export function duplicateMembers(text: string): (string | number)[][] {
  const duplicates: (string | number)[][] = [];
  const levels: Level[] = [];
  let expectName = false;
  for (const [token] of text.matchAll(tokens)) {
    const level = levels.at(-1);
    if (token === '{' || token === '[') {
      const path = level ? [...level.path, level.key] : [];
      levels.push(token === '{' ? { names: new Set(), path, key: '' } : { path, key: 0 });
      expectName = token === '{';
    } else if (token === '}' || token === ']') {
      levels.pop();
      expectName = false;
    } else if (token === ',') {
      if (typeof level?.key === 'number') level.key += 1;
      expectName = level?.names !== undefined;
    } else if (token === ':') {
      expectName = false;
    } else if (expectName && level?.names) {
      const name = JSON.parse(token) as string;
      if (level.names.has(name)) duplicates.push([...level.path, name]);
      level.names.add(name);
      level.key = name;
    }
  }
  return duplicates;
}
