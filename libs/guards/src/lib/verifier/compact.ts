import type { HeaderCache } from '../cache/header-cache.js';
import { AuthError } from '../errors/auth-error.js';
import { type JsonObject, parseJsonObject, StrictJsonError } from './json/strict-json.js';

/** A JWS in compact form (RFC 7515 §7.1), read strictly; nothing in it is trusted. */
export interface CompactJws {
  readonly header: JsonObject;
  readonly claims: JsonObject;
  /** What the signature is over. */
  readonly signingInput: Buffer;
  readonly signature: Buffer;
}

/** Three segments, none empty, of the base64url alphabet without padding. */
const COMPACT = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const HEADER_BOUNDS = { maxDepth: 8, maxMembers: 64 };
const CLAIMS_BOUNDS = { maxDepth: 16, maxMembers: 1_024 };

/**
 * Takes a token apart. Whatever is not exactly one canonical encoding of a JSON header, JSON claims and a signature
 * is refused, so that one token has one spelling. A JWE has five segments and fails here.
 *
 * @param maxLength the longest token that is looked at, in characters
 * @param headers those that were read before
 * @throws AuthError `token_malformed`
 */
export function parseCompact(token: string, maxLength: number, headers?: HeaderCache): CompactJws {
  if (typeof token !== 'string' || token.length === 0) throw malformed('empty');
  if (token.length > maxLength) throw malformed('too_long');
  if (!COMPACT.test(token)) throw malformed('segments');
  const first = token.indexOf('.');
  const second = token.indexOf('.', first + 1);
  const header = token.slice(0, first);
  return {
    header: headers?.get(header) ?? readObject(header, HEADER_BOUNDS, 'header'),
    claims: readObject(token.slice(first + 1, second), CLAIMS_BOUNDS, 'payload'),
    signature: decodeSegment(token.slice(second + 1)),
    signingInput: Buffer.from(token.slice(0, second), 'latin1'),
  };
}

function readObject(segment: string, bounds: typeof HEADER_BOUNDS, part: string): JsonObject {
  const bytes = decodeSegment(segment);
  try {
    return parseJsonObject(bytes, bounds);
  } catch (error) {
    if (!(error instanceof StrictJsonError)) throw error;
    throw new AuthError('token_malformed', `The ${part} of the access token is ${error.message}.`, {
      reason: part,
    });
  }
}

function decodeSegment(segment: string): Buffer {
  if (!isCanonical(segment)) throw malformed('encoding');
  return Buffer.from(segment, 'base64url');
}

/** No lone last character, and no bits set in it that decoding would throw away (RFC 4648 §3.5). */
function isCanonical(segment: string): boolean {
  const rest = segment.length % 4;
  if (rest === 0) return true;
  if (rest === 1) return false;
  const last = ALPHABET.indexOf(segment.charAt(segment.length - 1));
  return (last & (rest === 2 ? 0b1111 : 0b11)) === 0;
}

function malformed(reason: string): AuthError {
  return new AuthError('token_malformed', undefined, { reason });
}
