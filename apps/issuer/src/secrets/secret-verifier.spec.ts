import { describe, expect, it } from 'vitest';
import { hashSecret } from './secret-hash.js';
import { SecretVerifier, SecretVerifierBusyError } from './secret-verifier.js';

const secret = 'a secret of a client';

describe('SecretVerifier', () => {
  it('accepts a secret that one of the hashes is of, and no other', async () => {
    const verifier = new SecretVerifier();
    const hashes = [await hashSecret('the other one'), await hashSecret(secret)];

    expect(await verifier.verify('orders', secret, hashes)).toBe(true);
    expect(await verifier.verify('orders', secret, hashes)).toBe(true);
    expect(await verifier.verify('orders', 'another', hashes)).toBe(false);
    expect(await verifier.verify('orders', secret, [])).toBe(false);
  });

  it('forgets a secret whose hash is no longer there', async () => {
    const verifier = new SecretVerifier();
    await verifier.verify('orders', secret, [await hashSecret(secret)]);

    expect(await verifier.verify('orders', secret, [await hashSecret('its successor')])).toBe(false);
  });

  it('shares one check among requests with the same secret, however many', async () => {
    const verifier = new SecretVerifier();
    const hashes = [await hashSecret(secret)];
    const answers = await Promise.all(
      Array.from({ length: 200 }, () => verifier.verify('orders', secret, hashes)),
    );

    expect(answers).toEqual(Array(200).fill(true));
  });

  it.each([
    ['of a client', 1],
    ['of nobody', 0],
  ])('refuses to queue more different secrets %s than it can check soon', async (_name, length) => {
    const verifier = new SecretVerifier();
    const hashes = await Promise.all(Array.from({ length }, () => hashSecret(secret)));
    const answers = await Promise.allSettled(
      Array.from({ length: 80 }, (_unused, index) => verifier.verify('orders', `guess ${index}`, hashes)),
    );

    const refused = answers.filter(({ status }) => status === 'rejected');
    expect(refused).toHaveLength(80 - 66);
    expect(refused[0]).toMatchObject({ reason: expect.any(SecretVerifierBusyError) as unknown });
    expect(answers.filter((answer) => answer.status === 'fulfilled' && answer.value)).toEqual([]);
  });
});
