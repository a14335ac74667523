import type { M2mErrorCode } from '../errors/m2m-error.js';
import type { QuotaEvent } from '../budget/quota-event.js';
import type { StoreEvent } from '../store/store-event.js';

/** What the token manager did. Holds no token. */
export type TokenEvent =
  | {
      readonly type: 'minted';
      readonly audience: string;
      /** How long the authorization server took, in milliseconds. */
      readonly duration: number;
      /** How long the token lives, in seconds. */
      readonly lifetime: number;
      /** Whether a token that was still usable is replaced. */
      readonly refresh: boolean;
      /** What the authorization server says of the client's quota, where it does. */
      readonly quota?: readonly QuotaBucket[];
    }
  | {
      readonly type: 'failed';
      readonly audience: string;
      readonly code: M2mErrorCode;
      readonly message: string;
      /** Whether a usable token bridges the failure. */
      readonly bridged: boolean;
    }
  | {
      /** A token that another instance minted was taken from the shared cache. */
      readonly type: 'shared';
      readonly audience: string;
      /** How long it still lives, in seconds. */
      readonly left: number;
    }
  | StoreEvent
  | QuotaEvent
  | { readonly type: 'dropped'; readonly audience: string; readonly fingerprint: string };

/** One limit of `Auth0-Client-Quota-Limit`. */
export interface QuotaBucket {
  /** `per_hour`, `per_day`. */
  readonly name: string;
  /** Tokens per period. */
  readonly quota: number;
  /** Tokens left in this period. */
  readonly remaining: number;
  /** Until the period starts anew, in seconds. */
  readonly resetAfter: number;
}

/** Is told what the token manager does. What it throws changes nothing. */
export type TokenEventListener = (event: TokenEvent) => void;
