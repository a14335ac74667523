/** The parameters of a challenge, by lower-case name (RFC 9110, section 11.6.1). */
export type ChallengeParameters = Readonly<Record<string, string>>;

/** One challenge of a `WWW-Authenticate` header. */
export interface AuthenticationChallenge {
  readonly scheme: string;
  readonly parameters: ChallengeParameters;
}

const token = /[\w!#$%&'*+.^`|~-]+/y;
const blanks = /[ \t]+/y;
const separator = /[ \t]*(?:,[ \t]*)+|[ \t]*$/y;
const value = /[ \t]*=[ \t]*(?:"((?:[^"\\]|\\.)*)"|([\w!#$%&'*+.^`|~-]+))/y;

/** Reads one text from left to right. */
class Reader {
  #at = 0;
  constructor(private readonly text: string) {}

  get atEnd(): boolean {
    return this.#at >= this.text.length;
  }

  take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.text);
    if (match) this.#at = pattern.lastIndex;
    return match;
  }
}

/** The challenges of one line; `undefined` when it is not well formed. */
function readLine(line: string): AuthenticationChallenge[] | undefined {
  const reader = new Reader(line.trim());
  const challenges: { scheme: string; parameters: Record<string, string> }[] = [];
  while (!reader.atEnd) {
    const name = reader.take(token)?.[0];
    if (name === undefined) return undefined;
    const given = reader.take(value);
    if (!given) {
      challenges.push({ scheme: name, parameters: {} });
      if (!reader.take(separator) && !reader.take(blanks)) return undefined;
      continue;
    }
    const parameters = challenges.at(-1)?.parameters;
    const key = name.toLowerCase();
    if (!parameters || key in parameters) return undefined;
    parameters[key] = given[1]?.replaceAll(/\\(.)/g, '$1') ?? given[2] ?? '';
    if (!reader.take(separator)) return undefined;
  }
  return challenges;
}

/**
 * Reads `WWW-Authenticate` lines, each of which may hold several challenges (RFC 9110, section 11.6.1).
 *
 * @returns `undefined` when one of them is not well formed
 */
export function parseChallenges(lines: readonly string[]): readonly AuthenticationChallenge[] | undefined {
  const read = lines.map(readLine);
  return read.includes(undefined) ? undefined : read.flatMap((challenges) => challenges ?? []);
}

/**
 * The parameters of the challenge of a scheme.
 *
 * @returns `undefined` when there is no such challenge, more than one, or a line that is not well formed
 */
export function findChallenge(
  lines: readonly string[],
  scheme: 'Bearer' | 'DPoP',
): ChallengeParameters | undefined {
  const found = parseChallenges(lines)?.filter(
    (challenge) => challenge.scheme.toLowerCase() === scheme.toLowerCase(),
  );
  return found?.length === 1 ? found[0]?.parameters : undefined;
}
