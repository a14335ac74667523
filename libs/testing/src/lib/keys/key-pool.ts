import { type KeyObject } from 'node:crypto';
import {
  generateSigningKey,
  isRsa,
  makeSigningKey,
  nameKey,
  type SigningAlgorithm,
  type SigningKey,
} from './signing-key.js';

const idle = new Map<string, KeyObject[]>();

/** RSA keys serve every RSA algorithm; the other families are one algorithm each. */
function family(alg: SigningAlgorithm): string {
  return isRsa(alg) ? 'RSA' : alg;
}

function idleKey(alg: SigningAlgorithm): SigningKey | undefined {
  const privateKey = idle.get(family(alg))?.pop();
  return privateKey && nameKey(privateKey, alg);
}

/**
 * Takes a key from the process's pool, so that a test file pays for each RSA key once. A leased key is in nobody
 * else's hands until it is returned: two issuers that live at the same time never share key material.
 */
export async function leaseKey(alg: SigningAlgorithm): Promise<SigningKey> {
  return idleKey(alg) ?? (await makeSigningKey(alg));
}

/** {@link leaseKey} at once; where the pool has no key, one is made on the event loop. */
export function leaseKeyNow(alg: SigningAlgorithm): SigningKey {
  return idleKey(alg) ?? generateSigningKey(alg);
}

/** Puts a leased key back. */
export function returnKey(key: SigningKey): void {
  const name = family(key.alg);
  const keys = idle.get(name) ?? [];
  if (!keys.includes(key.privateKey)) keys.push(key.privateKey);
  idle.set(name, keys);
}
