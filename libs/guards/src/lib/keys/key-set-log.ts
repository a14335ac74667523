import { Logger } from '@nestjs/common';
import type { KeySetEvent } from './key-set-event.js';

type State = 'fetched' | 'kept' | 'none';

/**
 * Logs when the keys of an issuer cannot be fetched, why, and when they can again: one line for each change, however
 * often it is tried. A line holds no key.
 */
export class KeySetLog {
  readonly #logger = new Logger('AuthModule');
  /** By issuer, of which there are few. */
  readonly #states = new Map<string, State>();

  /** Notes one event of a key set. */
  note(event: KeySetEvent): void {
    const { issuer } = event;
    const before = this.#states.get(issuer) ?? 'fetched';
    const now = stateOf(event);
    this.#states.set(issuer, now);
    if (now === before) return;
    if (event.type === 'refreshed') this.#logger.log(`the keys of ${issuer} can be fetched again`);
    else if (event.usable)
      this.#logger.warn(
        `the keys of ${issuer} cannot be fetched, those from before stay in use: ${event.error.message}`,
      );
    else
      this.#logger.error(
        `the keys of ${issuer} cannot be fetched, its tokens are answered 503: ${event.error.message}`,
      );
  }
}

function stateOf(event: KeySetEvent): State {
  if (event.type === 'refreshed') return 'fetched';
  return event.usable ? 'kept' : 'none';
}
