/** The secrets of one process by name, and whether its output is watched for them. */
interface Registry {
  readonly secrets: Map<string, string>;
  watched: boolean;
}

const key = Symbol.for('@countersign/testing secrets');

/** One for the process, whichever copy of this package asks. */
function registry(): Registry {
  const holder = globalThis as { [key]?: Registry };
  holder[key] ??= { secrets: new Map(), watched: false };
  return holder[key];
}

const shortest = 8;

/**
 * Names a secret that nothing may write from now on; see the output guard. One of less than 8 characters would match by
 * accident and is left out.
 *
 * @param name how a report calls it
 * @example
 * rememberSecret('storefront', await system.secret('storefront'));
 */
export function rememberSecret(name: string, secret: string): void {
  if (secret.length >= shortest) registry().secrets.set(`${name} #${registry().secrets.size}`, secret);
}

/** The secrets that were remembered, by name. */
export function rememberedSecrets(): Readonly<Record<string, string>> {
  return Object.fromEntries(registry().secrets);
}

/** Says that the output of this process is watched. */
export function watchOutput(): void {
  registry().watched = true;
}

/**
 * The log level of services under test: everything where the output guard reads it (and keeps it out of the report of
 * the run), else nothing.
 */
export function testLogLevel(): 'trace' | 'silent' {
  return registry().watched ? 'trace' : 'silent';
}
