import type { Caller } from '../verifier/caller.js';

/** The key of the caller: nothing but this package can write it. */
export const CALLER: unique symbol = Symbol('countersign.caller');
const NOBODY = Symbol('countersign.nobody');

interface Carrier {
  [CALLER]?: Caller | undefined;
  [NOBODY]?: true;
}

/** The caller that `AccessTokenGuard` found on this request, message or connection, or in this call. */
export function callerOf(carrier: object): Caller | undefined {
  return (carrier as Carrier)[CALLER];
}

/** Keeps the caller with the request, or the call. */
export function setCaller(carrier: object, caller: Caller): void {
  (carrier as Carrier)[CALLER] = caller;
}

/**
 * Notes that `AccessTokenGuard` let a call through without a valid token, because that rule is report-only. A caller
 * of an earlier message on the same connection is forgotten.
 */
export function setNobody(carrier: object): void {
  (carrier as Carrier)[CALLER] = undefined;
  (carrier as Carrier)[NOBODY] = true;
}

/** True for a call without a caller that `AccessTokenGuard` let through all the same. */
export function isNobody(carrier: object): boolean {
  return (carrier as Carrier)[CALLER] === undefined && (carrier as Carrier)[NOBODY] === true;
}
