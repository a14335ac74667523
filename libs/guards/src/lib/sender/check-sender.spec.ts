import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KeyServer } from '../../../test/support/core/key-server.js';
import { type Json, segment, Signer } from '../../../test/support/core/signer.js';
import { AccessTokenVerifier } from '../verifier/access-token-verifier.js';
import type { AccessTokenVerifierOptions } from '../verifier/options.js';
import { RollingDpopNonces } from './dpop-nonces.js';
import { jwkThumbprint } from './jwk-thumbprint.js';
import { MemoryReplayStore } from './memory-replay-store.js';
import type { SenderEvidence } from './sender-evidence.js';

const AUDIENCE = 'https://orders.countersign.example';
const URL = 'https://orders.example/orders';
const NOW = 1_900_000_000;
const CERTIFICATE = createHash('sha256').update('certificate').digest('base64url');

let server: KeyServer;
let issuer: Signer;
let device: Signer;
let other: Signer;
const open: AccessTokenVerifier[] = [];

beforeAll(async () => {
  issuer = Signer.create('RS256', 'k');
  device = Signer.create('ES256');
  other = Signer.create('ES256');
  server = await KeyServer.start([issuer.publicJwk]);
});

afterAll(async () => {
  for (const verifier of open) verifier.close();
  await server.stop();
});

function make(options: Partial<AccessTokenVerifierOptions> = {}): AccessTokenVerifier {
  const verifier = new AccessTokenVerifier({
    issuers: [{ issuer: server.issuer, jwksUri: server.jwksUri }],
    audience: AUDIENCE,
    clock: () => NOW * 1_000,
    ...options,
  });
  open.push(verifier);
  return verifier;
}

const bound = (cnf: Json | undefined) =>
  issuer.token({ iss: server.issuer, sub: 's', aud: AUDIENCE, iat: NOW, exp: NOW + 60, azp: 'c', cnf });
const boundToDevice = () => bound({ jkt: jwkThumbprint(device.publicJwk) });
const hashOf = (token: string) => createHash('sha256').update(token).digest('base64url');

interface Shape {
  readonly header?: Json;
  readonly claims?: Json;
  readonly signer?: Signer;
}

function proofFor(token: string, { header = {}, claims = {}, signer = device }: Shape = {}): string {
  return signer.token(
    { htm: 'POST', htu: URL, iat: NOW, jti: randomUUID(), ath: hashOf(token), ...claims },
    { typ: 'dpop+jwt', jwk: signer.publicJwk, ...header },
  );
}

const dpop = (proof: string | undefined, changes: Partial<SenderEvidence> = {}): SenderEvidence => ({
  scheme: 'DPoP',
  method: 'POST',
  url: URL,
  ...(proof === undefined ? {} : { proof }),
  ...changes,
});

describe('a token bound to a DPoP key', () => {
  it('is accepted with a proof of that key, again and again with new proofs', async () => {
    const verifier = make();
    const token = boundToDevice();
    for (let request = 0; request < 3; request++) {
      await expect(verifier.verify(token, { sender: dpop(proofFor(token)) })).resolves.toMatchObject({
        clientId: 'c',
      });
    }
    expect(verifier.recognise(token)).toBeUndefined();
  });

  it.each(['ES256', 'EdDSA', 'RS256', 'PS256'] as const)('takes a proof signed with %s', async (alg) => {
    const signer = Signer.create(alg);
    const token = bound({ jkt: jwkThumbprint(signer.publicJwk) });
    await expect(make().verify(token, { sender: dpop(proofFor(token, { signer })) })).resolves.toBeDefined();
  });

  const bad: [what: string, shape: () => Shape, reason: string][] = [
    ['the typ of an access token', () => ({ header: { typ: 'JWT' } }), 'dpop_typ'],
    ['no typ', () => ({ header: { typ: undefined } }), 'dpop_typ'],
    ['alg none', () => ({ header: { alg: 'none' } }), 'dpop_header'],
    ['an HMAC', () => ({ header: { alg: 'HS256' } }), 'dpop_header'],
    ['an algorithm that is not allowed', () => ({ header: { alg: 'ES384' } }), 'dpop_header'],
    ['an algorithm that is not the key’s', () => ({ header: { alg: 'RS256' } }), 'dpop_signature'],
    ['a critical extension', () => ({ header: { crit: ['x'] } }), 'dpop_header'],
    ['no key', () => ({ header: { jwk: undefined } }), 'dpop_signature'],
    ['a key that is a string', () => ({ header: { jwk: 'key' } }), 'dpop_signature'],
    ['a private key', () => ({ header: { jwk: device.privateJwk } }), 'dpop_signature'],
    ['a symmetric key', () => ({ header: { jwk: { kty: 'oct', k: 'AAAA' } } }), 'dpop_signature'],
    ['the key of somebody else', () => ({ header: { jwk: other.publicJwk } }), 'dpop_signature'],
    ['another method', () => ({ claims: { htm: 'GET' } }), 'dpop_method'],
    ['the method in lower case', () => ({ claims: { htm: 'post' } }), 'dpop_method'],
    ['no method', () => ({ claims: { htm: undefined } }), 'dpop_method'],
    ['another path', () => ({ claims: { htu: 'https://orders.example/other' } }), 'dpop_url'],
    ['another host', () => ({ claims: { htu: 'https://evil.example/orders' } }), 'dpop_url'],
    ['another scheme', () => ({ claims: { htu: 'http://orders.example/orders' } }), 'dpop_url'],
    ['another port', () => ({ claims: { htu: 'https://orders.example:8443/orders' } }), 'dpop_url'],
    ['a user in the URL', () => ({ claims: { htu: 'https://a@orders.example/orders' } }), 'dpop_url'],
    ['a URL that is relative', () => ({ claims: { htu: '/orders' } }), 'dpop_url'],
    ['no URL', () => ({ claims: { htu: undefined } }), 'dpop_url'],
    ['no issue time', () => ({ claims: { iat: undefined } }), 'dpop_iat'],
    ['an issue time that is a string', () => ({ claims: { iat: `${NOW}` } }), 'dpop_iat'],
    ['an issue time too long ago', () => ({ claims: { iat: NOW - 66 } }), 'dpop_age'],
    ['an issue time in the future', () => ({ claims: { iat: NOW + 6 } }), 'dpop_age'],
    ['the hash of another token', () => ({ claims: { ath: hashOf('other') } }), 'dpop_token'],
    ['no hash of the token', () => ({ claims: { ath: undefined } }), 'dpop_token'],
    ['no id', () => ({ claims: { jti: undefined } }), 'dpop_jti'],
    ['an empty id', () => ({ claims: { jti: '' } }), 'dpop_jti'],
    ['an id without end', () => ({ claims: { jti: 'x'.repeat(257) } }), 'dpop_jti'],
    ['more than 8 KiB', () => ({ claims: { x: 'x'.repeat(8_192) } }), 'dpop_malformed'],
  ];

  it.each(bad)('is refused with a proof with %s', async (_what, shape, reason) => {
    const verifier = make();
    const token = boundToDevice();
    await expect(verifier.verify(token, { sender: dpop(proofFor(token)) })).resolves.toBeDefined();
    await expect(verifier.verify(token, { sender: dpop(proofFor(token, shape())) })).rejects.toMatchObject({
      code: 'sender_mismatch',
      status: 401,
      error: 'invalid_dpop_proof',
      reason,
    });
  });

  it.each([
    ['no proof', () => undefined, 'dpop_missing'],
    ['an empty proof', () => '', 'dpop_malformed'],
    ['two proofs in one header', (proof: string) => `${proof},${proof}`, 'dpop_malformed'],
    ['two proofs in one header, spaced', (proof: string) => `${proof}, ${proof}`, 'dpop_malformed'],
    [
      'a proof that was changed',
      (proof: string) => proof.replace(/\.[^.]+\./, `.${segment('{}')}.`),
      'dpop_signature',
    ],
    [
      'a proof with a member twice',
      () => device.tokenOf('{"typ":"dpop+jwt","typ":"dpop+jwt"}', '{}'),
      'dpop_malformed',
    ],
  ] as const)('is refused with %s', async (_what, spoil, reason) => {
    const token = boundToDevice();
    const proof = spoil(proofFor(token));
    await expect(make().verify(token, { sender: dpop(proof) })).rejects.toMatchObject({
      code: 'sender_mismatch',
      error: 'invalid_dpop_proof',
      reason,
    });
  });

  it('is refused with a good proof of another key', async () => {
    const token = boundToDevice();
    const proof = proofFor(token, { signer: other });
    await expect(make().verify(token, { sender: dpop(proof) })).rejects.toMatchObject({
      code: 'sender_mismatch',
      error: 'invalid_token',
      reason: 'dpop_key',
    });
  });

  it('is refused under the scheme Bearer, proof or not', async () => {
    const token = boundToDevice();
    for (const sender of [
      undefined,
      { scheme: 'Bearer' as const },
      dpop(proofFor(token), { scheme: 'Bearer' }),
    ]) {
      await expect(make().verify(token, { sender })).rejects.toMatchObject({
        code: 'sender_mismatch',
        reason: 'scheme',
      });
    }
  });

  it('is refused with a proof that was used', async () => {
    const verifier = make();
    const token = boundToDevice();
    const proof = proofFor(token);
    const outcomes = await Promise.allSettled([
      verifier.verify(token, { sender: dpop(proof) }),
      verifier.verify(token, { sender: dpop(proof) }),
    ]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await expect(verifier.verify(token, { sender: dpop(proof) })).rejects.toMatchObject({
      reason: 'dpop_replayed',
    });
  });

  it('is remembered for as long as it could be used again, to the last moment', async () => {
    let now = NOW;
    const verifier = make({ clock: () => now * 1_000 });
    const claims = { iss: server.issuer, sub: 's', aud: AUDIENCE, iat: NOW, exp: NOW + 600, azp: 'c' };
    const token = issuer.token({ ...claims, cnf: { jkt: jwkThumbprint(device.publicJwk) } });
    const [used, unused] = [1, 2].map(() => proofFor(token, { claims: { iat: NOW + 5 } }));
    await verifier.verify(token, { sender: dpop(used) });
    now = NOW + 70;
    await expect(verifier.verify(token, { sender: dpop(used) })).rejects.toMatchObject({
      reason: 'dpop_replayed',
    });
    await verifier.verify(token, { sender: dpop(unused) });
    now = NOW + 71;
    await expect(verifier.verify(token, { sender: dpop(used) })).rejects.toMatchObject({
      reason: 'dpop_age',
    });
  });

  it('is refused where the store of used proofs cannot answer', async () => {
    const replayStore = { use: () => Promise.reject(new Error('away')) };
    const token = boundToDevice();
    const attempt = make({ sender: { dpop: { replayStore } } }).verify(token, {
      sender: dpop(proofFor(token)),
    });
    await expect(attempt).rejects.toMatchObject({ code: 'sender_mismatch', reason: 'dpop_replay_unchecked' });
  });

  it('is refused when its key floods the store, while tokens of other keys are accepted', async () => {
    const replayStore = new MemoryReplayStore(4, () => NOW * 1_000);
    const verifier = make({ sender: { dpop: { replayStore } } });
    const send = (signer: Signer) => {
      const token = bound({ jkt: jwkThumbprint(signer.publicJwk) });
      return verifier.verify(token, { sender: dpop(proofFor(token, { signer })) });
    };
    for (let request = 0; request < 2; request++) await expect(send(device)).resolves.toBeDefined();
    await expect(send(device)).rejects.toMatchObject({ code: 'sender_mismatch', reason: 'dpop_replayed' });
    await expect(send(other)).resolves.toMatchObject({ clientId: 'c' });
  });

  it('does not use up a proof that is bad in another way', async () => {
    const used: string[] = [];
    const replayStore = { use: (id: string) => used.push(id) > 0 };
    const token = boundToDevice();
    const verifier = make({ sender: { dpop: { replayStore } } });
    await expect(
      verifier.verify(token, { sender: dpop(proofFor(token, { signer: other })) }),
    ).rejects.toBeDefined();
    expect(used).toEqual([]);
    await verifier.verify(token, { sender: dpop(proofFor(token)) });
    expect(used).toHaveLength(1);
  });

  it.each([
    ['a query and a fragment', `${URL}?page=2#top`, URL],
    ['a query in the request', URL, `${URL}?page=2`],
    ['the default port', 'https://orders.example:443/orders', URL],
    ['the host in upper case', 'https://ORDERS.example/orders', URL],
  ])('is accepted with a URL that differs by %s', async (_what, htu, url) => {
    const token = boundToDevice();
    const proof = proofFor(token, { claims: { htu } });
    await expect(make().verify(token, { sender: dpop(proof, { url }) })).resolves.toBeDefined();
  });

  it('asks for a nonce where the service uses them, and takes it', async () => {
    const nonces = new RollingDpopNonces(Buffer.alloc(32, 7), 60, () => NOW * 1_000);
    const verifier = make({ sender: { dpop: { nonces } } });
    const token = boundToDevice();
    const asked: unknown = await verifier
      .verify(token, { sender: dpop(proofFor(token)) })
      .catch((error: unknown) => error);
    expect(asked).toMatchObject({
      code: 'sender_mismatch',
      error: 'use_dpop_nonce',
      dpopNonce: nonces.current(),
    });
    const nonce = nonces.current();
    await expect(
      verifier.verify(token, { sender: dpop(proofFor(token, { claims: { nonce } })) }),
    ).resolves.toBeDefined();
    const wrong = proofFor(token, { claims: { nonce: 'made-up' } });
    await expect(verifier.verify(token, { sender: dpop(wrong) })).rejects.toMatchObject({
      error: 'use_dpop_nonce',
    });
  });
});

describe('a token bound to a certificate', () => {
  const token = () => bound({ 'x5t#S256': CERTIFICATE });

  it('is accepted over a connection with that certificate, and with no other', async () => {
    const verifier = make();
    const over = (certificateThumbprint?: string): { sender: SenderEvidence } => ({
      sender: { scheme: 'Bearer', ...(certificateThumbprint === undefined ? {} : { certificateThumbprint }) },
    });
    await expect(verifier.verify(token(), over(CERTIFICATE))).resolves.toBeDefined();
    await expect(verifier.verify(token(), over('A'.repeat(43)))).rejects.toMatchObject({
      code: 'sender_mismatch',
      reason: 'certificate',
    });
    await expect(verifier.verify(token(), over())).rejects.toMatchObject({ reason: 'certificate_missing' });
    await expect(verifier.verify(token())).rejects.toMatchObject({ reason: 'certificate_missing' });
    expect(verifier.recognise(token())).toBeUndefined();
  });

  it('must meet both bindings where it has two', async () => {
    const both = bound({ jkt: jwkThumbprint(device.publicJwk), 'x5t#S256': CERTIFICATE });
    const verifier = make();
    const good = dpop(proofFor(both), { certificateThumbprint: CERTIFICATE });
    await expect(verifier.verify(both, { sender: good })).resolves.toBeDefined();
    await expect(verifier.verify(both, { sender: dpop(proofFor(both)) })).rejects.toMatchObject({
      reason: 'certificate_missing',
    });
    const certificateOnly: SenderEvidence = { scheme: 'Bearer', certificateThumbprint: CERTIFICATE };
    await expect(verifier.verify(both, { sender: certificateOnly })).rejects.toMatchObject({
      reason: 'scheme',
    });
  });
});

describe('a token that is bound to nobody', () => {
  it('is accepted as a bearer token, and not under the scheme DPoP', async () => {
    const verifier = make();
    const token = bound(undefined);
    await expect(verifier.verify(token)).resolves.toBeDefined();
    await expect(verifier.verify(token, { sender: dpop(proofFor(token)) })).rejects.toMatchObject({
      reason: 'scheme',
    });
  });

  it('is refused where a binding is required', async () => {
    const verifier = make({ sender: { required: true } });
    const token = bound(undefined);
    await expect(verifier.verify(token)).rejects.toMatchObject({
      code: 'sender_mismatch',
      reason: 'unbound',
    });
    expect(verifier.recognise(token)).toBeUndefined();
    const good = boundToDevice();
    await expect(verifier.verify(good, { sender: dpop(proofFor(good)) })).resolves.toBeDefined();
  });
});
