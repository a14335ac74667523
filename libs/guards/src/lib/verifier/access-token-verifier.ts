import type { KeySetStatus } from '../keys/key-set-event.js';
import type { AccessTokenVerifierOptions, VerifyOptions } from './options.js';
import type { VerifiedToken } from './verified-token.js';

/** Holds every rule an access token is checked by. */
export declare class AccessTokenVerifier {
  constructor(options: AccessTokenVerifierOptions);
  verify(token: string, options?: VerifyOptions): Promise<VerifiedToken>;
  recognise(token: string, audience?: readonly string[]): VerifiedToken | undefined;
  prefetch(): Promise<void>;
  reload(): Promise<void>;
  keySets(): readonly KeySetStatus[];
  close(): void;
}
