import type { Caller } from '../verifier/caller.js';

/** `null` for a call that went on without a caller. Not on the request itself: nothing but this package can write it. */
const callers = new WeakMap<object, Caller | null>();

/** The caller that `AccessTokenGuard` found on this request, message or connection. */
export function callerOf(carrier: object): Caller | undefined {
  return callers.get(carrier) ?? undefined;
}

/** Keeps the caller with the request. */
export function setCaller(carrier: object, caller: Caller): void {
  callers.set(carrier, caller);
}

/**
 * Notes that `AccessTokenGuard` let a call through without a valid token, because that rule is report-only. A caller
 * of an earlier message on the same connection is forgotten.
 */
export function setNobody(carrier: object): void {
  callers.set(carrier, null);
}

/** True for a call without a caller that `AccessTokenGuard` let through all the same. */
export function isNobody(carrier: object): boolean {
  return callers.get(carrier) === null;
}
