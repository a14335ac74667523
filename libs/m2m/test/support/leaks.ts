/** Where in a graph of objects, hidden and symbol members included, a secret can be read. Empty: nowhere. */
export function leaksIn(root: unknown, secrets: readonly string[]): string[] {
  const found: string[] = [];
  const known = new Set<object>();
  const forms = secrets.flatMap((secret) => [secret, Buffer.from(secret).toString('base64')]);
  const queue: { value: unknown; path: string }[] = [{ value: root, path: '$' }];
  for (let next = queue.pop(); next; next = queue.pop()) {
    const { value, path } = next;
    if (typeof value === 'string' && forms.some((form) => value.includes(form))) found.push(path);
    if (Buffer.isBuffer(value) && forms.some((form) => value.toString().includes(form))) found.push(path);
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null || known.has(value))
      continue;
    known.add(value);
    if (value instanceof Map) queue.push({ value: [...value.entries()], path: `${path}<map>` });
    if (value instanceof Set) queue.push({ value: [...value.values()], path: `${path}<set>` });
    for (const key of Reflect.ownKeys(value)) {
      if (typeof value === 'function' && key !== 'cause') continue;
      let member: unknown;
      try {
        member = (value as Record<PropertyKey, unknown>)[key];
      } catch {
        continue;
      }
      queue.push({ value: member, path: `${path}.${String(key)}` });
    }
  }
  return found;
}

/** The code of the error that a promise rejects with. */
export async function codeOf(promise: Promise<unknown>): Promise<string | undefined> {
  try {
    await promise;
    return undefined;
  } catch (error) {
    return (error as { code?: string }).code;
  }
}

/** The error that a promise rejects with. */
export async function errorOf(promise: Promise<unknown>): Promise<Error & { code?: string }> {
  try {
    await promise;
  } catch (error) {
    return error as Error & { code?: string };
  }
  throw new Error('the promise did not reject');
}
