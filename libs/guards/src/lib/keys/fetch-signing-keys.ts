import jwksRsa from 'jwks-rsa';
import { type FetchBounds, fetchJson, KeyFetchError, withoutQuery } from './fetch-json.js';
import { type SigningKey, signingKey } from './signing-key.js';

const MAX_KEYS = 100;

/**
 * Fetches a whole JWK set (RFC 7517 §5) and keeps the keys that may be used. Keys of an unknown type are passed over,
 * as §5 asks.
 *
 * @throws KeyFetchError when the answer holds no usable key or more than 100 of any kind
 */
export async function fetchSigningKeys(jwksUri: string, bounds: FetchBounds): Promise<readonly SigningKey[]> {
  const client = new jwksRsa.JwksClient({
    jwksUri,
    cache: false,
    rateLimit: false,
    fetcher: async (uri) => ({ keys: (await fetchJson(uri, bounds))['keys'] }),
  });
  const jwks = await client.getKeys();
  const where = withoutQuery(jwksUri);
  if (!Array.isArray(jwks)) throw new KeyFetchError(`${where} answered no JWK set`);
  if (jwks.length > MAX_KEYS) throw new KeyFetchError(`${where} answered more than ${MAX_KEYS} keys`);
  const keys = jwks.map(signingKey).filter((key) => key !== undefined);
  if (keys.length === 0) throw new KeyFetchError(`${where} answered a JWK set with no usable signing key`);
  return keys;
}
