import { type JwksBehaviour } from './jwks-behaviour.js';

/** 200 with `{ "keys": [] }`. */
export interface EmptySetFault {
  kind: 'empty-set';
}

export const emptySet: JwksBehaviour<EmptySetFault> = () => [];
