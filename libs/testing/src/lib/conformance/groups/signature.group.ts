import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { expect } from 'vitest';
import { type Arena } from '../arena.js';
import { tokenCase, type ConformanceGroup, type Scenario } from '../conformance-case.js';
import { expectAccepted, expectRefused } from '../expectations.js';
import { bearer } from '../arena.js';
import { invalidToken } from '../refusal.js';
import { generateSigningKey, type SigningKey } from '../../keys/signing-key.js';

const invalid = invalidToken('signature_invalid');
const shapeOrSignature = invalidToken('signature_invalid', 'token_malformed');

let attackers: SigningKey | undefined;
const attackersKey = (): SigningKey => (attackers ??= generateSigningKey('RS256'));

const replaceSignature = async (
  arena: Arena,
  change: (signature: Buffer) => Buffer | string,
): Promise<string> => {
  const [header = '', payload = '', signature = ''] = (await arena.mint()).split('.');
  const changed = change(Buffer.from(signature, 'base64url'));
  return `${header}.${payload}.${typeof changed === 'string' ? changed : changed.toString('base64url')}`;
};

/** A header parameter that points at, or brings, the attacker's own key must never be followed. */
function ownKey(
  id: string,
  title: string,
  header: (url: string, key: SigningKey) => Record<string, unknown>,
): Scenario {
  return {
    id: `signature/${id}`,
    title,
    run: async (arena) => {
      let hits = 0;
      const key = attackersKey();
      const server = createServer((_request, response) => {
        hits += 1;
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify({ keys: [key.publicJwk] }));
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      try {
        const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`;
        expectAccepted(arena, await arena.present(arena.mint()));
        for (const kid of [arena.issuer.signingKey().kid, key.kid]) {
          const shot = bearer(await arena.mint({ key, kid, header: header(url, key) }));
          expectRefused(
            arena,
            await arena.fire(shot),
            shot,
            invalidToken('signature_invalid', 'key_unknown', 'token_malformed'),
          );
        }
        expect(hits, 'A key address out of a token was asked.').toBe(0);
      } finally {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
    },
  };
}

/** Whether the signature holds, under a key of the issuer's and no other (RFC 7515, section 5.2; RFC 8725, section 3.3). */
export const signature: ConformanceGroup = {
  name: 'signature',
  refusals: [
    ...(['payload', 'signature'] as const).map((part) =>
      tokenCase(
        `signature/tampered-${part}`,
        `one bit of the ${part} turned`,
        (arena) => arena.forge.tampered(part),
        part === 'payload' ? shapeOrSignature : invalid,
      ),
    ),
    tokenCase(
      'signature/tampered-scope',
      'a scope added after signing',
      async (arena) => {
        const [header = '', payload = '', sig = ''] = (await arena.mint({ scopes: [] })).split('.');
        const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>;
        const widened = { ...claims, scope: arena.options.scopes.join(' ') };
        return `${header}.${Buffer.from(JSON.stringify(widened)).toString('base64url')}.${sig}`;
      },
      invalid,
    ),
    tokenCase(
      'signature/tampered-expiry',
      'a later expiry written after signing',
      async (arena) => {
        const [header = '', payload = '', sig = ''] = (await arena.mint({ expiresIn: -600 })).split('.');
        const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>;
        const revived = { ...claims, exp: Math.floor(Date.now() / 1000) + 600 };
        return `${header}.${Buffer.from(JSON.stringify(revived)).toString('base64url')}.${sig}`;
      },
      invalid,
    ),
    tokenCase(
      'signature/stranger',
      'another key under the rightful kid',
      (arena) => arena.mint({ key: attackersKey(), kid: arena.issuer.signingKey().kid }),
      invalid,
    ),
    tokenCase(
      'signature/stranger-own-kid',
      'another key under its own kid',
      (arena) => arena.mint({ key: attackersKey() }),
      invalidToken('key_unknown'),
    ),
    tokenCase(
      'signature/of-another-token',
      'the signature of another token',
      async (arena) => {
        const other = (await arena.mint({ claims: { jti: 'other' } })).split('.')[2] ?? '';
        return replaceSignature(arena, () => other);
      },
      invalid,
    ),
    tokenCase(
      'signature/short',
      'a signature cut short',
      (arena) => replaceSignature(arena, (sig) => sig.subarray(0, -1)),
      shapeOrSignature,
    ),
    tokenCase(
      'signature/one-byte',
      'a signature of one byte',
      (arena) => replaceSignature(arena, () => Buffer.from([1])),
      shapeOrSignature,
    ),
    tokenCase(
      'signature/long',
      'a byte after the signature',
      (arena) => replaceSignature(arena, (sig) => Buffer.concat([sig, Buffer.from([0])])),
      shapeOrSignature,
    ),
    tokenCase(
      'signature/doubled',
      'the signature twice',
      (arena) => replaceSignature(arena, (sig) => Buffer.concat([sig, sig])),
      shapeOrSignature,
    ),
    tokenCase(
      'signature/zeros',
      'a signature of zeros',
      (arena) => replaceSignature(arena, (sig) => Buffer.alloc(sig.length)),
      invalid,
    ),
    tokenCase(
      'signature/ones',
      'a signature of ones',
      (arena) => replaceSignature(arena, (sig) => Buffer.alloc(sig.length, 255)),
      invalid,
    ),
    tokenCase(
      'signature/reversed',
      'the signature backwards',
      (arena) => replaceSignature(arena, (sig) => Buffer.from(sig.reverse())),
      invalid,
    ),
    tokenCase(
      'signature/text',
      'a text for a signature',
      (arena) => replaceSignature(arena, () => 'c2lnbmF0dXJl'),
      shapeOrSignature,
    ),
    tokenCase(
      'signature/swapped-header',
      'the header of another token',
      async (arena) => {
        const [, payload = '', sig = ''] = (await arena.mint()).split('.');
        const other = (await arena.mint({ header: { 'x-other': 1 } })).split('.')[0] ?? '';
        return `${other}.${payload}.${sig}`;
      },
      invalid,
    ),
  ],
  scenarios: [
    ownKey('jwk', 'a key in the header (jwk)', (_url, key) => ({
      jwk: key.publicKey.export({ format: 'jwk' }),
    })),
    ownKey('jku', 'an address of keys in the header (jku)', (url) => ({ jku: url })),
    ownKey('x5u', 'an address of a certificate in the header (x5u)', (url) => ({ x5u: url })),
    ownKey('x5c', 'a certificate in the header (x5c)', () => ({ x5c: ['MIIB'] })),
    ownKey('jku-all', 'every way at once', (url, key) => ({
      jku: url,
      x5u: url,
      jwk: key.publicKey.export({ format: 'jwk' }),
      x5t: 'AAAA',
    })),
    {
      id: 'signature/accepted-before',
      title: 'a token that was accepted, with another signature',
      run: async (arena) => {
        const token = await arena.mint();
        expectAccepted(arena, await arena.present(token));
        expectAccepted(arena, await arena.present(token));
        const [header = '', payload = '', sig = ''] = token.split('.');
        const other = Buffer.from(sig, 'base64url');
        other[8] = (other[8] ?? 0) ^ 1;
        const shot = bearer(`${header}.${payload}.${other.toString('base64url')}`);
        expectRefused(arena, await arena.fire(shot), shot, invalid);
        expectAccepted(arena, await arena.present(token));
      },
    },
    {
      id: 'signature/refused-before',
      title: 'a token that was refused is refused again, and its rightful original is not',
      run: async (arena) => {
        const token = await arena.mint();
        const [header = '', payload = ''] = token.split('.');
        const shot = bearer(`${header}.${payload}.${Buffer.alloc(256, 7).toString('base64url')}`);
        for (let i = 0; i < 3; i++) expectRefused(arena, await arena.fire(shot), shot, invalid);
        expectAccepted(arena, await arena.present(token));
      },
    },
  ],
};
