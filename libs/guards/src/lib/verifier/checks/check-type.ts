import type { Dialect } from '../../dialects/dialect.js';
import { AuthError } from '../../errors/auth-error.js';
import type { JsonObject } from '../json/strict-json.js';

/**
 * The `typ` header must be one that the issuer gives to access tokens, so that an ID token, a logout token or a DPoP
 * proof never passes for one (RFC 9068 §4, RFC 8725 §3.11). Compared without regard to case and without
 * `application/` (RFC 7515 §4.1.9).
 *
 * @throws AuthError `typ_not_allowed`
 */
export function checkType(header: JsonObject, dialect: Dialect): void {
  const { typ } = header;
  if (typ === undefined && dialect.typeOptional) return;
  if (typeof typ === 'string' && (dialect.types.includes(typ) || dialect.types.includes(mediaType(typ))))
    return;
  throw new AuthError('typ_not_allowed', undefined, { claim: 'typ' });
}

function mediaType(typ: string): string {
  const lower = typ.toLowerCase();
  return lower.startsWith('application/') ? lower.slice('application/'.length) : lower;
}
