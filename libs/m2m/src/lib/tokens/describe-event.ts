import type { TokenEvent } from './token-event.js';

/** How an event is logged. */
export interface EventLine {
  readonly level: 'debug' | 'log' | 'warn';
  readonly text: string;
}

/** What happened, in words for the log. */
export function describeEvent(event: TokenEvent): EventLine {
  switch (event.type) {
    case 'failed':
      return { level: 'warn', text: event.message };
    case 'dropped':
      return { level: 'warn', text: 'a callee refused the token as invalid' };
    case 'minted':
      return { level: 'debug', text: 'token minted' };
    case 'shared':
      return { level: 'debug', text: 'token taken from the shared cache' };
    case 'quota':
      return {
        level: 'warn',
        text: `${event.share} % of the tokens of ${event.source === 'budget' ? 'the budget' : `the quota ${event.name}`} are used (${event.quota - event.remaining} of ${event.quota}, anew in ${event.resetAfter} s): share the token cache, let tokens live longer, or raise it`,
      };
    case 'store_lost':
      return {
        level: 'warn',
        text: `the shared token cache does not answer (${event.reason}): this instance asks for its own tokens`,
      };
    case 'store_back':
      return { level: 'log', text: 'the shared token cache answers again' };
    case 'store_refused':
      return {
        level: 'warn',
        text: `a token in the shared cache is not used (${event.reason}): see that all instances have the same M2M_CACHE_KEYS, and who else writes to it`,
      };
  }
}
