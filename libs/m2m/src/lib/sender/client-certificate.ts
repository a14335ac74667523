import { readSecret } from '../secrets/read-secret.js';
import type { Clock } from '../tokens/clock.js';
import { withDeadline } from '../tokens/deadline.js';
import type { MtlsOptions } from './mtls-options.js';
import { retire, type TlsIdentity, tlsIdentity, type TlsMaterial } from './tls-identity.js';

const lookAgainAfter = 1_000;
const longestLook = 2_000;

/**
 * The client certificate as it is now. Its sources are looked at again at most once a second; where they have changed,
 * the next call presents the new certificate. What cannot be used (half written, a key of another certificate, not
 * there within 2 seconds) leaves the former one in place.
 */
export class ClientCertificate {
  #identity: TlsIdentity | undefined;
  #material: TlsMaterial | undefined;
  #lookedAt = -Infinity;
  #problem: string | undefined;
  #look: Promise<TlsIdentity> | undefined;

  /** @param onProblem told once why the former certificate stays in use; default nobody */
  constructor(
    private readonly options: MtlsOptions,
    private readonly clock: Clock,
    private readonly onProblem: (message: string) => void = () => undefined,
  ) {}

  /** The certificate that was read last, without looking; none before the first {@link current}. */
  get known(): TlsIdentity | undefined {
    return this.#identity;
  }

  /**
   * The certificate to present now.
   *
   * @throws Error where there never was one; the message says why, and holds nothing of the key
   */
  current(): Promise<TlsIdentity> {
    if (this.#identity && this.clock.monotonic() - this.#lookedAt < lookAgainAfter)
      return Promise.resolve(this.#identity);
    this.#look ??= this.#read().finally(() => (this.#look = undefined));
    return this.#look;
  }

  /** Looks whether there is another certificate, so that {@link known} is the one to present. */
  async lookAgain(): Promise<void> {
    await this.current().catch(() => undefined);
  }

  /** Closes every connection. */
  close(): void {
    this.#identity?.agent.destroy();
  }

  async #read(): Promise<TlsIdentity> {
    try {
      const material = await withDeadline(this.clock, longestLook, tooSlow, () => materialOf(this.options));
      if (!this.#identity || !same(material, this.#material)) this.#take(material);
      this.#problem = undefined;
    } catch (error) {
      if (!this.#identity) throw error;
      this.#report((error as Error).message);
    }
    this.#lookedAt = this.clock.monotonic();
    return this.#identity as TlsIdentity;
  }

  #report(problem: string): void {
    if (problem !== this.#problem) this.onProblem(problem);
    this.#problem = problem;
  }

  #take(material: TlsMaterial): void {
    const former = this.#identity;
    this.#identity = tlsIdentity(material);
    this.#material = material;
    if (former) retire(former);
  }
}

async function materialOf({ certificate, key, ca }: MtlsOptions): Promise<TlsMaterial> {
  return {
    certificate: await readSecret(certificate, 'the client certificate'),
    key: await readSecret(key, 'the key of the client certificate'),
    ca: ca && (await readSecret(ca, 'the trusted authorities')),
  };
}

const tooSlow = (): Error => new Error(`the client certificate could not be read within ${longestLook} ms`);

const same = (one: TlsMaterial, other: TlsMaterial | undefined): boolean =>
  one.certificate === other?.certificate && one.key === other.key && one.ca === other.ca;
