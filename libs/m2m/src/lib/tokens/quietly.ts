import type { TokenEventListener } from './token-event.js';

/** A listener that cannot break what it listens to: what it throws goes nowhere. */
export const quietly =
  (listener: TokenEventListener | undefined): TokenEventListener =>
  (event) => {
    try {
      listener?.(event);
    } catch {
      return;
    }
  };
