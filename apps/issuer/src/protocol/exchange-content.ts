import { randomUUID } from 'node:crypto';
import type { Fault } from '../faults/fault.js';
import { tokenContent, type TokenFacts } from '../policy/token-claims.js';
import type { TokenExchange } from './token-exchange.js';

/** What is known of a token when it is signed, beside what was decided. */
export type TokenTimes = Pick<TokenFacts, 'issuedAt' | 'expiresAt' | 'tokenId' | 'confirmation'>;

/** The header, but for what the key says, and the claims of the token that a decided exchange ends with. */
export function exchangeContent(
  { decision, claims: custom, faults }: TokenExchange,
  issuer: string,
  times: TokenTimes,
): {
  readonly header: { readonly typ: string; readonly kid?: string };
  readonly claims: Record<string, unknown>;
} {
  if (!decision) throw new Error('a token is signed that was not decided about');
  const { api, client, scopes, organization } = decision;
  const skew = skewOf(faults);
  const { typ, claims } = tokenContent(api.dialect, {
    issuer,
    clientId: client.clientId,
    audience: api.identifier,
    scopes,
    issuedAt: times.issuedAt + skew,
    expiresAt: times.expiresAt + skew,
    tokenId: times.tokenId,
    organization,
    confirmation: times.confirmation,
    custom,
  });
  const strange = faults.some(({ kind }) => kind === 'unknown-kid');
  return { header: strange ? { typ, kid: randomUUID() } : { typ }, claims };
}

/** Seconds that the clock is ahead on purpose. */
const skewOf = (faults: readonly Fault[]): number =>
  faults.reduce((sum, each) => sum + (each.kind === 'skewed-clock' ? each.skew : 0), 0);
