import { emptySet, type EmptySetFault } from './jwks/empty-set.fault.js';
import { type JwksBehaviour } from './jwks/jwks-behaviour.js';
import { otherKeys, type KeysFault } from './jwks/keys.fault.js';

/** Faults of the key-set endpoint. */
export type JwksFault = EmptySetFault | KeysFault;

const behaviours: { readonly [K in JwksFault['kind']]: JwksBehaviour<Extract<JwksFault, { kind: K }>> } = {
  'empty-set': emptySet,
  keys: otherKeys,
};

/** Whether a fault is one of the key-set endpoint's own. */
export function isJwksFault(fault: { readonly kind: string } | undefined): fault is JwksFault {
  return fault !== undefined && Object.hasOwn(behaviours, fault.kind);
}

/** The keys that a faulty key set publishes. */
export function faultyKeys(fault: JwksFault): readonly object[] {
  return (behaviours[fault.kind] as JwksBehaviour<JwksFault>)(fault);
}
