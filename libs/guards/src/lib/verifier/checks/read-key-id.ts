import { AuthError } from '../../errors/auth-error.js';
import type { JsonObject } from '../json/strict-json.js';

const MAX_LENGTH = 256;

/**
 * The `kid` header, where there is one. Keys that the token brings along (`jwk`, `jku`, `x5u`, `x5c`) are never
 * looked at.
 *
 * @throws AuthError `token_malformed` when it is no string, empty, or longer than 256 characters
 */
export function readKeyId(header: JsonObject): string | undefined {
  const { kid } = header;
  if (kid === undefined) return undefined;
  if (typeof kid === 'string' && kid.length > 0 && kid.length <= MAX_LENGTH) return kid;
  throw new AuthError('token_malformed', 'The key id of the access token is not valid.', { claim: 'kid' });
}
