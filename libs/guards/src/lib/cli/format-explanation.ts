import type { Explanation } from '../explain/explain-token.js';
import { formatCallers } from '../requirement/caller-group.js';
import type { RouteRequirement } from '../requirement/route-requirement.js';

const LONGEST = 200;
const TIMES = ['exp', 'nbf', 'iat'];

/** What a route requires, as the end of a sentence. */
export function formatRequirement(requirement: RouteRequirement): string {
  if (requirement.access === 'public') return 'is public: no token is looked at.';
  if (requirement.access === 'undeclared') return 'declares no requirement: it does not boot, or is open.';
  const { allOf, anyOf, callers, audiences, reportOnly } = requirement;
  const parts = [
    ...(allOf.length > 0 ? [`the ${allOf.length > 1 ? 'scopes' : 'scope'} ${allOf.join(' ')}`] : []),
    ...anyOf.map((scopes) => `one of the scopes ${scopes.join(' ')}`),
    ...callers.map(formatCallers),
    ...(audiences ? [`the audience ${audiences.join(' or ')}`] : []),
  ];
  const tried = reportOnly ? ` Tried out and not enforced: ${reportOnly.join(', ')}.` : '';
  return `requires ${parts.length > 0 ? parts.join(', ') : 'a valid token'}.${tried}`;
}

/** An explanation for a terminal. Values come from the token, so that each is quoted and cut short. */
export function formatExplanation(explanation: Explanation): string {
  const { accepted, message, advice, seen } = explanation;
  const width = Math.max(0, ...Object.keys(seen).map((name) => name.length)) + 2;
  const said = Object.entries(seen).map(([name, value]) => `  ${name.padEnd(width)}${quoted(name, value)}`);
  return [
    ...(said.length > 0 ? ['', 'The token says:', ...said] : []),
    '',
    verdict(explanation),
    ...(accepted ? [] : [`  ${printable(message)}`]),
    ...(advice === undefined ? [] : ['', 'What to do:', `  ${advice}`]),
    '',
  ].join('\n');
}

function verdict({ accepted, code, message, claim }: Explanation): string {
  if (accepted) return `Accepted: ${message}`;
  if (code === 'keys_unavailable') return `Cannot tell: ${code}`;
  return `Refused: ${code}${claim === undefined ? '' : ` (${claim})`}`;
}

/** A message may hold what the metadata of an issuer says. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, '?');
}

function quoted(name: string, value: unknown): string {
  // JSON escapes control characters of ASCII; those beyond it could still rewrite a terminal.
  const text = JSON.stringify(value).replace(/[^\x20-\x7E]/g, '?');
  const cut = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
  return TIMES.includes(name) && isTime(value) ? `${cut} (${new Date(value * 1_000).toISOString()})` : cut;
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Math.abs(value) < 8_640_000_000_000;
}
