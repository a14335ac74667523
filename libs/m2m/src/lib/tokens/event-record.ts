import { inspect } from 'node:util';
import type { TokenEvent } from './token-event.js';

/** An event for the log: fields for loggers that write them (pino), one line of text for those that print (Nest's own). */
export class EventRecord {
  readonly #event: TokenEvent;

  /** @param msg what happened, in words */
  constructor(
    readonly msg: string,
    event: TokenEvent,
  ) {
    this.#event = event;
    Object.assign(this, event);
  }

  [inspect.custom](): string {
    const details = Object.entries(this.#event)
      .filter(([name, value]) => !(name === 'type' || name === 'message' || typeof value === 'object'))
      .map(([name, value]) => `${name} ${String(value)}`);
    return details.length === 0 ? this.msg : `${this.msg} (${details.join(', ')})`;
  }
}
