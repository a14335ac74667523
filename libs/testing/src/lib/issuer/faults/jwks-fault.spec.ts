import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generateSigningKey } from '../../keys/signing-key.js';
import { LoopbackIssuer } from '../loopback-issuer.js';

describe('faults of the key set', () => {
  let issuer: LoopbackIssuer;
  beforeAll(async () => {
    issuer = await LoopbackIssuer.start();
  });
  afterAll(() => issuer.close());

  const publishedKids = async (): Promise<unknown[]> => {
    const { keys } = (await (await fetch(issuer.jwksUri)).json()) as { keys: { kid: string }[] };
    return keys.map(({ kid }) => kid);
  };

  it('empty-set, and recovers', async () => {
    issuer.fault('jwks', { kind: 'empty-set' });
    expect(await publishedKids()).toEqual([]);

    issuer.recover('jwks');
    expect(await publishedKids()).toEqual([issuer.signingKey().kid]);
  });

  it('keys of somebody else, and recovers', async () => {
    const stranger = generateSigningKey('ES256');
    issuer.fault('jwks', { kind: 'keys', keys: [stranger.publicJwk] });
    expect(await publishedKids()).toEqual([stranger.kid]);

    issuer.recover('jwks');
    expect(await publishedKids()).toEqual([issuer.signingKey().kid]);
  });
});
