import { type TokenBehaviour } from './token-behaviour.js';

/** An answer that names this scope, whatever was asked for; `undefined` names none. */
export interface ScopeFault {
  kind: 'scope';
  scope: string | undefined;
}

export const otherScope: TokenBehaviour<ScopeFault> = {
  body: ({ scope }, body) => ({ ...body, scope }),
};
