import { type Arena } from './arena.js';
import { type LoopbackIssuer } from '../issuer/loopback-issuer.js';

/** An issuer whose service is not started yet, for stories that begin before it. */
export interface Stage {
  readonly issuer: LoopbackIssuer;
  /** Starts a service of the story's own. */
  readonly start: () => Promise<Arena>;
}
