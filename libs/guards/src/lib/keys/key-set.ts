import type { KeySetStatus } from './key-set-event.js';

/** The signing keys of one issuer. */
export declare class KeySet {
  prefetch(): Promise<void>;
  reload(): Promise<void>;
  status(): KeySetStatus;
  close(): void;
}
