import { createHash } from 'node:crypto';

/** Code of the user's own that runs before a token is issued (Auth0's `credentials-exchange` trigger). */
export interface Action {
  /** As it stands in logs, events and stack traces. */
  readonly name: string;
  /** The file: exports `onExecuteCredentialsExchange`, or is a Hook (`module.exports = function (…)`). */
  readonly code: string;
  /** What it reads as `event.secrets`. */
  readonly secrets: Readonly<Record<string, string>>;
}

/** The trigger that Actions of this server are bound to. */
export const trigger = 'credentials-exchange';

/** Largest file of an Action, in bytes. */
export const maxCodeSize = 100_000;

/** The most Actions that are bound at once. */
export const maxActions = 20;

/** Tells an Action from another, and from an earlier version of itself. */
export const actionKey = ({ name, code }: Action): string =>
  createHash('sha256').update(`${name}\0${code}`).digest('base64url');
