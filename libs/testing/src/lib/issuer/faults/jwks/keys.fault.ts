import { type PublicJwk } from '../../../keys/signing-key.js';
import { type JwksBehaviour } from './jwks-behaviour.js';

/** 200 with these keys in place of the issuer's own. */
export interface KeysFault {
  kind: 'keys';
  keys: readonly (PublicJwk | Record<string, unknown>)[];
}

export const otherKeys: JwksBehaviour<KeysFault> = ({ keys }) => keys;
