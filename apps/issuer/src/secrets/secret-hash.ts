import { randomBytes, scrypt, timingSafeEqual, type ScryptOptions } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt);

/** RFC 7914 parameters: 16 MiB. The secrets it hashes have 256 random bits, so nothing can be gained by guessing. */
const cost = { N: 16_384, r: 8, p: 1 };
const length = 32;

/** Hashes a client secret with scrypt and a salt of its own: `scrypt$<salt>$<hash>`, base64url. */
export async function hashSecret(secret: string): Promise<string> {
  const salt = randomBytes(16);
  const hash = await derive(secret, salt, length, cost);
  return `scrypt$${salt.toString('base64url')}$${hash.toString('base64url')}`;
}

/** Whether a secret has this hash; takes as long for one that has not. */
export async function matchesHash(secret: string, stored: string): Promise<boolean> {
  const [scheme, salt = '', hash = ''] = stored.split('$');
  const expected = Buffer.from(hash, 'base64url');
  if (scheme !== 'scrypt' || expected.length !== length) return false;
  return timingSafeEqual(await derive(secret, Buffer.from(salt, 'base64url'), length, cost), expected);
}
