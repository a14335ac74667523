import { actionDenied, actionFailed } from '../policy/token-refusal.js';
import type { Action } from './action.js';
import type { ActionChain, ChainInput, ChainOutcome } from './action-chain.js';
import { ActionFailure } from './action-failure.js';
import type { ActionFolder } from './action-folder.js';

/** What {@link Actions} works with. */
export interface ActionsParts {
  readonly chain: ActionChain;
  readonly folder: ActionFolder;
  /** Told what an Action wrote, and what it did that has no effect. */
  readonly onNote: (action: string, note: string) => void;
}

/** The Actions of the folder and then those bound through the management API, before a token is issued. */
export class Actions {
  constructor(private readonly parts: ActionsParts) {}

  /**
   * @param bound those of the management API, in their order
   * @throws {@link TokenRefusal} `action_denied` or `action_failed`
   */
  async apply(bound: readonly Action[], input: ChainInput): Promise<Pick<ChainOutcome, 'scopes' | 'claims'>> {
    // The management API decides about everything else: no Action speaks in its tokens.
    if (input.decision.api.system) return { scopes: input.decision.scopes, claims: {} };
    const { scopes, claims, denied, notes } = await this.#run(bound, input);
    for (const { action, note } of notes) this.parts.onNote(action, note);
    if (denied) throw actionDenied(denied.code, denied.reason, denied.action);
    return { scopes, claims };
  }

  async #run(bound: readonly Action[], input: ChainInput): Promise<ChainOutcome> {
    try {
      return await this.parts.chain.run([...this.parts.folder.current(), ...bound], input);
    } catch (error) {
      if (!(error instanceof ActionFailure)) throw error;
      throw actionFailed(error.message, error.code === 'actions_busy' ? 503 : 500);
    }
  }
}
