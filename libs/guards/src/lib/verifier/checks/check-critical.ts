import { AuthError } from '../../errors/auth-error.js';
import type { JsonObject } from '../json/strict-json.js';

/**
 * No extension is understood, so a token that marks one as critical is refused (RFC 7515 §4.1.11), and so is one
 * with an unencoded payload (RFC 7797 §3).
 *
 * @throws AuthError `crit_unsupported`
 */
export function checkCritical(header: JsonObject): void {
  for (const claim of ['crit', 'b64']) {
    if (claim in header) throw new AuthError('crit_unsupported', undefined, { claim });
  }
}
