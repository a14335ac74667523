/** A secret that was found in a text. The secret itself is not repeated. */
export interface Leak {
  /** The name of the secret, its position in the list, or the kind of pattern. */
  readonly secret: string;
  /** In which form it was found. */
  readonly form: 'plain' | 'base64' | 'base64url' | 'hex' | 'percent-encoded' | 'json' | 'pattern';
  /** Where it begins, in characters. */
  readonly index: number;
}

const patterns: Readonly<Record<string, RegExp>> = {
  'signed JWT': /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{16,}/g,
  'private key': /-----BEGIN (?:[A-Z0-9]+ )?PRIVATE KEY-----/g,
  'private JWK': /"(?:d|dp|dq|qi|k)"\s*:\s*"[\w-]{20,}"/g,
  'authorization header': /\b(?:bearer|basic|dpop)\s+[\w+/=.~-]{20,}/gi,
};

const shortestSecret = 8;

function forms(secret: string): readonly (readonly [Leak['form'], string])[] {
  const bytes = Buffer.from(secret);
  const unpadded = bytes.toString('base64').replace(/=+$/, '');
  return [
    ['plain', secret],
    ['base64', unpadded],
    ['base64url', bytes.toString('base64url')],
    ['hex', bytes.toString('hex')],
    ['percent-encoded', encodeURIComponent(secret)],
    ['json', JSON.stringify(secret).slice(1, -1)],
  ];
}

/**
 * Looks for secrets in captured logs, errors and responses: the given ones in plain and encoded forms, and anything
 * that is shaped like a signed JWT, a private key or a credential header.
 *
 * @param text what was written
 * @param secrets the secrets that must not be in it, at least 8 characters each
 * @returns an empty list for a clean text
 * @example
 * expect(findSecrets(orders.output, { clientSecret, token })).toEqual([]);
 */
export function findSecrets(
  text: string,
  secrets: readonly string[] | Readonly<Record<string, string>> = [],
): Leak[] {
  const leaks: Leak[] = [];
  for (const [name, secret] of Object.entries(secrets)) {
    if (secret.length < shortestSecret)
      throw new RangeError(
        `Secret ${name} is shorter than ${shortestSecret} characters: it would match by accident.`,
      );
    const seen = new Set<string>();
    for (const [form, spelling] of forms(secret)) {
      if (seen.has(spelling)) continue;
      seen.add(spelling);
      const index = text.indexOf(spelling);
      if (index >= 0) leaks.push({ secret: name, form, index });
    }
  }
  for (const [name, pattern] of Object.entries(patterns))
    for (const match of text.matchAll(pattern))
      leaks.push({ secret: name, form: 'pattern', index: match.index });
  return leaks;
}
