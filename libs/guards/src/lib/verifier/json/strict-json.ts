import { isAscii } from 'node:buffer';

/** A JSON object whose members are not known yet. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** How large a JSON text may be inside. */
export interface JsonBounds {
  /** The deepest nesting of objects and arrays. */
  readonly maxDepth: number;
  /** The most members of all its objects together. */
  readonly maxMembers: number;
}

/** Why a text is not accepted; it holds nothing of the text. */
export class StrictJsonError extends Error {
  override readonly name = 'StrictJsonError';
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Reads one JSON object the way RFC 8725 §3.7 and §2.4 ask for: valid UTF-8 without a byte order mark, bounded in
 * depth and members, and no name twice in any object, at any depth (RFC 7519 §4, RFC 7515 §4).
 *
 * @throws StrictJsonError
 */
export function parseJsonObject(bytes: Buffer, bounds: JsonBounds): JsonObject {
  const text = decode(bytes);
  const value = parse(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new StrictJsonError('not a JSON object');
  }
  const written = outline(text);
  if (written.depth > bounds.maxDepth) throw new StrictJsonError('nested too deeply');
  if (written.members > bounds.maxMembers) throw new StrictJsonError('too many members');
  if (written.members !== countMembers(value)) throw new StrictJsonError('a member name is repeated');
  return value as JsonObject;
}

function decode(bytes: Buffer): string {
  if (isAscii(bytes)) return bytes.toString('latin1');
  try {
    return utf8.decode(bytes);
  } catch {
    throw new StrictJsonError('not valid UTF-8');
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new StrictJsonError('not valid JSON');
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

/**
 * How many members a valid JSON text writes and how deep it nests. Outside strings a colon stands for one member,
 * so a parsed value with fewer members than that has lost one to a repeated name.
 */
function outline(text: string): { members: number; depth: number } {
  let members = 0;
  let depth = 0;
  let open = 0;
  let inString = false;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (inString) {
      if (code === BACKSLASH) index++;
      else if (code === QUOTE) inString = false;
    } else if (code === QUOTE) {
      inString = true;
    } else if (code === COLON) {
      members++;
    } else if (code === OPEN_BRACE || code === OPEN_BRACKET) {
      if (++open > depth) depth = open;
    } else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) {
      open--;
    }
  }
  return { members, depth };
}

function countMembers(value: object): number {
  let members = 0;
  if (Array.isArray(value)) {
    for (const element of value as unknown[]) {
      if (typeof element === 'object' && element !== null) members += countMembers(element);
    }
    return members;
  }
  for (const name in value) {
    members++;
    const member = (value as Record<string, unknown>)[name];
    if (typeof member === 'object' && member !== null) members += countMembers(member);
  }
  return members;
}
