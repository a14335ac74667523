import type { Caller } from '../verifier/caller.js';

const CALLER = Symbol('countersign.caller');

interface Carrier {
  [CALLER]?: Caller;
}

/** The caller that `AccessTokenGuard` found on this request, message or connection. */
export function callerOf(carrier: object): Caller | undefined {
  return (carrier as Carrier)[CALLER];
}

/** Keeps the caller with the request, under a key that nothing but this package can write. */
export function setCaller(carrier: object, caller: Caller): void {
  (carrier as Carrier)[CALLER] = caller;
}
