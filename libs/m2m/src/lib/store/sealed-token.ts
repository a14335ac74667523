import { createCipheriv, createDecipheriv, type KeyObject, randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { KeyRing } from './key-ring.js';
import { type SharedToken, UnreadableEntryError } from './token-store.js';

const version = 'v1';
const algorithm = 'aes-256-gcm';
const ivBytes = 12;
const tagBytes = 16;

/** The largest sealed token, in characters. */
export const maxSealedLength = 65_536;

/** A token as it is sealed: with its end by the store's own clock, so that an old copy of it is known as such. */
export interface SealedToken extends SharedToken {
  /** In milliseconds of the epoch. */
  readonly endsAt: number;
}

const sealedToken: z.ZodType<SealedToken> = z.object({
  value: z.string().regex(/^[\x21-\x7E]{1,16384}$/),
  scheme: z.literal('Bearer'),
  scopes: z.array(z.string()),
  lifetime: z.number().positive(),
  credential: z.string(),
  endsAt: z.number(),
});

/**
 * Encrypts a token (AES-256-GCM, a random nonce each time) with the ring's first key, bound to the name it is kept
 * under: copied to another name it cannot be opened.
 */
export function sealToken(token: SealedToken, name: string, { current: [id, key] }: KeyRing): string {
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv(algorithm, key, iv, { authTagLength: tagBytes });
  cipher.setAAD(boundTo(name, id));
  const sealed = [cipher.update(JSON.stringify(token), 'utf8'), cipher.final(), cipher.getAuthTag()];
  return [version, id, Buffer.concat([iv, ...sealed]).toString('base64url')].join('.');
}

/**
 * Opens what {@link sealToken} made, with whichever key of the ring it was made with.
 *
 * @throws UnreadableEntryError `malformed`, `key_unknown`, `not_authentic`
 */
export function openToken(text: string, name: string, ring: KeyRing): SealedToken {
  const [, id, encoded] = /^v1\.([\w-]{1,32})\.([\w-]+)$/.exec(text.slice(0, maxSealedLength + 1)) ?? [];
  const bytes = Buffer.from(encoded ?? '', 'base64url');
  if (id === undefined || text.length > maxSealedLength || bytes.length <= ivBytes + tagBytes)
    throw new UnreadableEntryError('malformed');
  const key = ring.find(id);
  if (key === undefined) throw new UnreadableEntryError('key_unknown');
  return read(decrypt(bytes, key, boundTo(name, id)));
}

function read(text: string): SealedToken {
  try {
    return sealedToken.parse(JSON.parse(text));
  } catch {
    throw new UnreadableEntryError('malformed');
  }
}

function decrypt(bytes: Buffer, key: KeyObject, aad: Buffer): string {
  const decipher = createDecipheriv(algorithm, key, bytes.subarray(0, ivBytes), { authTagLength: tagBytes });
  decipher.setAAD(aad).setAuthTag(bytes.subarray(-tagBytes));
  try {
    return decipher.update(bytes.subarray(ivBytes, -tagBytes), undefined, 'utf8') + decipher.final('utf8');
  } catch {
    throw new UnreadableEntryError('not_authentic');
  }
}

const boundTo = (name: string, keyId: string): Buffer => Buffer.from(JSON.stringify([version, keyId, name]));
