import { importJWK, jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import { signingAlgs } from '../policy/dialects.js';
import { generateKey } from './generate-key.js';
import { publicJwk } from './public-jwk.js';
import { TokenSigner } from './token-signer.js';

describe('TokenSigner', () => {
  const signer = new TokenSigner();

  it.each(signingAlgs)('signs with %s what another library verifies', async (alg) => {
    const jwk = await generateKey(alg);
    const key = { kid: jwk.kid, alg, state: 'current', jwk } as const;
    for (const sub of ['one', 'ünicode']) {
      const token = signer.sign(key, { typ: 'at+jwt', kid: jwk.kid }, { sub });
      const { payload, protectedHeader } = await jwtVerify(token, await importJWK(publicJwk(jwk), alg));
      expect(payload).toEqual({ sub });
      expect(protectedHeader).toEqual({ alg, typ: 'at+jwt', kid: jwk.kid });
    }
  });

  it('signs with the key that is named, not with one it knows', async () => {
    const [one, other] = await Promise.all([generateKey('ES256'), generateKey('ES256')]);
    const token = signer.sign({ kid: one.kid, alg: 'ES256', state: 'current', jwk: one }, {}, {});
    await expect(jwtVerify(token, await importJWK(publicJwk(one), 'ES256'))).resolves.toBeDefined();
    await expect(jwtVerify(token, await importJWK(publicJwk(other), 'ES256'))).rejects.toMatchObject({
      code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED',
    });
  });
});
