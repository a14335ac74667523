/** The parameters of a `Bearer` challenge (RFC 6750, section 3). */
export type BearerChallenge = Readonly<Record<string, string>>;

const parameter = /\s*([\w!#$%&'*+.^`|~-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([\w!#$%&'*+.^`|~-]+))\s*(?:,|$)/y;

/**
 * Reads the `Bearer` challenge out of `WWW-Authenticate` lines.
 *
 * @returns its parameters; `undefined` when there is no `Bearer` challenge, or it is not well formed (RFC 9110,
 * section 11.6.1)
 */
export function parseBearerChallenge(lines: readonly string[]): BearerChallenge | undefined {
  const line = lines.find((candidate) => /^bearer(?:\s|$)/i.test(candidate));
  if (line === undefined) return undefined;
  const rest = line.slice('bearer'.length).trim();
  const parameters: Record<string, string> = {};
  parameter.lastIndex = 0;
  while (parameter.lastIndex < rest.length) {
    const match = parameter.exec(rest);
    const name = match?.[1]?.toLowerCase();
    if (!match || name === undefined || name in parameters) return undefined;
    parameters[name] = match[2]?.replaceAll(/\\(.)/g, '$1') ?? match[3] ?? '';
  }
  return parameters;
}
