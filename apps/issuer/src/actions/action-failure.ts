import { maskSecrets } from './mask-secrets.js';

/** Why an Action did not answer, as a name that does not change between versions. */
export type ActionFailureCode =
  | 'action_unreadable'
  | 'action_threw'
  | 'action_timeout'
  | 'action_exited'
  | 'action_overflow'
  | 'actions_busy';

/** An Action that did not answer. Without its answer there is no token. */
export class ActionFailure extends Error {
  override readonly name = 'ActionFailure';

  constructor(
    readonly code: ActionFailureCode,
    /** Name of the Action. */
    readonly action: string,
    /** What went wrong, with the place in the file where it is known. */
    readonly problem: string,
    options?: ErrorOptions,
  ) {
    super(`the Action ${action} ${problem}`, options);
  }

  /** The same, without the values of the Action's secrets. */
  masked(secrets: Readonly<Record<string, string>>): ActionFailure {
    return new ActionFailure(this.code, this.action, maskSecrets(this.problem, secrets));
  }
}
