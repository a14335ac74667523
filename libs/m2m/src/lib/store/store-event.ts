import type { UnreadableReason } from './token-store.js';

/** What happened to the shared cache. Holds no token. */
export type StoreEvent =
  | {
      /** It does not answer; this instance goes on alone. Told once. */
      readonly type: 'store_lost';
      /** A system or client error code, or `timeout`. */
      readonly reason: string;
    }
  | {
      /** It answers again. */
      readonly type: 'store_back';
    }
  | {
      /** An entry of it is not used, and is written over. Told once, until there is another entry or another reason. */
      readonly type: 'store_refused';
      readonly audience: string;
      readonly reason: UnreadableReason;
    };
