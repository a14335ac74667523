/** Shorter values are words that a text may hold by chance. */
const shortest = 4;

/**
 * A text of an Action as it may be logged: without the values of the Action's secrets.
 *
 * @param secrets by name
 */
export function maskSecrets(text: string, secrets: Readonly<Record<string, string>>): string {
  return Object.entries(secrets)
    .filter(([, value]) => value.length >= shortest)
    .sort(([, one], [, other]) => other.length - one.length)
    .reduce((masked, [name, value]) => masked.replaceAll(value, `[secret ${name}]`), text);
}
