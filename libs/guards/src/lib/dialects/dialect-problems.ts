import { isSignatureAlgorithm } from '../keys/algorithms.js';
import { dialects } from './dialects.js';

const LISTS = ['types', 'requiredClaims', 'clientIdClaims', 'scopeClaims'] as const;

/** What is wrong with a dialect, by name or of one's own. It may come from untyped code. */
export function dialectProblems(dialect: unknown, at: string): string[] {
  if (typeof dialect === 'object' && dialect !== null)
    return ownProblems(dialect as Readonly<Record<string, unknown>>, at);
  if (typeof dialect === 'string' && Object.hasOwn(dialects, dialect)) return [];
  return [`${at} must be one of ${Object.keys(dialects).join(', ')}, or a dialect of your own`];
}

function ownProblems(dialect: Readonly<Record<string, unknown>>, at: string): string[] {
  const { name, types, typeOptional, algorithms, clientIdClaims } = dialect;
  return [
    ...(typeof name === 'string' && name !== '' ? [] : [`${at}.name must be a text`]),
    ...LISTS.filter((list) => !areTexts(dialect[list])).map(
      (list) => `${at}.${list} must be a list of texts`,
    ),
    ...(areTexts(types) && types.length === 0 && typeOptional !== true
      ? [`${at}.types must name at least one type`]
      : []),
    ...(areTexts(clientIdClaims) && clientIdClaims.length === 0
      ? [`${at}.clientIdClaims must name at least one claim`]
      : []),
    ...(areTexts(algorithms) && algorithms.length > 0 && algorithms.every(isSignatureAlgorithm)
      ? []
      : [`${at}.algorithms must name signature algorithms`]),
  ];
}

function areTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((text) => typeof text === 'string' && text !== '');
}
