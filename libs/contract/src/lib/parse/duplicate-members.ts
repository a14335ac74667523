interface Level {
  names?: Set<string>;
  key: string | number;
}

/** A contract is three levels deep. What lies deeper than this is refused by its schema, whatever its members. */
const deepest = 8;

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
      levels.push(token === '{' ? { names: new Set(), key: '' } : { key: 0 });
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
      level.key = name;
      if (level.names.has(name) && levels.length <= deepest) duplicates.push(levels.map(({ key }) => key));
      level.names.add(name);
    }
  }
  return duplicates;
}
