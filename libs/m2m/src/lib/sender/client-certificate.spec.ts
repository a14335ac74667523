import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  startAuthority,
  type TestAuthority,
  type TestCertificate,
} from '../../../test/support/certificates.js';
import { FakeClock } from '../../../test/support/fake-clock.js';
import { ClientCertificate } from './client-certificate.js';

let authority: TestAuthority;
let first: TestCertificate;
let second: TestCertificate;
let clock: FakeClock;
let problems: string[];

beforeAll(async () => {
  authority = await startAuthority();
  first = await authority.issue('orders');
  second = await authority.issue('orders');
});

beforeEach(() => {
  clock = new FakeClock();
  problems = [];
});

/** A certificate whose sources are what the test says at the moment. */
function watched(now: { certificate: () => string | Promise<string>; key: () => string }): ClientCertificate {
  const sources = { certificate: () => now.certificate(), key: () => now.key() };
  return new ClientCertificate(sources, clock, (problem) => void problems.push(problem));
}

const never = () => new Promise<string>(() => undefined);

describe('a client certificate', () => {
  it('is looked at again once a second at most, and kept while it is the same', async () => {
    let looks = 0;
    const certificate = watched({
      certificate: () => {
        looks++;
        return first.certificate;
      },
      key: () => first.key,
    });
    const [one, other] = await Promise.all([certificate.current(), certificate.current()]);
    await clock.advance(999);
    expect([await certificate.current(), other]).toEqual([one, one]);
    expect(looks).toBe(1);
    await clock.advance(1);
    expect(await certificate.current()).toBe(one);
    expect(looks).toBe(2);
  });

  it('is replaced as a whole, and a pair that does not match is told once', async () => {
    const now = { certificate: () => first.certificate, key: () => first.key };
    const certificate = watched(now);
    const { thumbprint } = await certificate.current();
    now.certificate = () => second.certificate;
    for (let look = 0; look < 3; look++) {
      await clock.advance(1_000);
      expect((await certificate.current()).thumbprint).toBe(thumbprint);
    }
    expect(problems).toEqual(['the key is not that of the client certificate']);
    now.key = () => second.key;
    await clock.advance(1_000);
    expect((await certificate.current()).thumbprint).not.toBe(thumbprint);
  });

  it('that does not come within 2 seconds is an error, or leaves the former one in place', async () => {
    const now: Parameters<typeof watched>[0] = { certificate: never, key: () => first.key };
    const certificate = watched(now);
    const waiting = certificate.current().catch((error: Error) => error.message);
    await clock.advance(2_000);
    expect(await waiting).toBe('the client certificate could not be read within 2000 ms');
    expect(certificate.known).toBeUndefined();
    now.certificate = () => first.certificate;
    const identity = await certificate.current();
    now.certificate = never;
    await clock.advance(1_000);
    const again = certificate.current();
    await clock.advance(2_000);
    expect(await again).toBe(identity);
    expect(problems).toEqual(['the client certificate could not be read within 2000 ms']);
  });

  it('no error shows the key', async () => {
    const broken = first.key.replace('-----BEGIN', '-----BEGUN');
    const certificate = watched({ certificate: () => first.certificate, key: () => broken });
    const message = await certificate.current().then(
      () => '',
      (error: Error) => error.message,
    );
    expect(message).toContain('no PEM of an unencrypted private key');
    expect(message).not.toContain(first.key.split('\n')[1]);
  });
});
