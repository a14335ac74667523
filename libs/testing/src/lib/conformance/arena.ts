import { fire, type Answered, type Shot } from './http-shot.js';
import { type AuthConformanceOptions, type ServiceUnderTest } from './options.js';
import { type LoopbackIssuer } from '../issuer/loopback-issuer.js';
import { type TokenForge } from '../tokens/forge.js';
import { type MintOptions } from '../tokens/mint.js';

/** A running service, the issuer it trusts, and the means to fire at it. */
export class Arena {
  readonly forge: TokenForge;

  constructor(
    readonly options: AuthConformanceOptions,
    readonly issuer: LoopbackIssuer,
    private readonly service: Pick<ServiceUnderTest, 'baseUrl' | 'ca'>,
  ) {
    this.forge = issuer.forge.startingFrom(this.valid);
  }

  /** What a valid token holds. */
  get valid(): MintOptions {
    const { audience, scopes, clientId, dialect } = this.options;
    return { audience, scopes, ...(clientId && { clientId }), ...(dialect && { dialect }) };
  }

  /** A token that is valid but for the options. */
  mint(options: MintOptions = {}): Promise<string> {
    return this.issuer.mint({ ...this.valid, ...options });
  }

  fire(shot: Shot): Promise<Answered> {
    const { method, path, body } = this.options.request;
    const { baseUrl, ca } = this.service;
    return fire({ baseUrl, ca, method, path, body }, shot);
  }

  /** The address of the guarded request without its query, as a DPoP proof names it. */
  get url(): string {
    const { origin, pathname } = new URL(this.options.request.path, this.service.baseUrl);
    return origin + pathname;
  }

  /** Fires with a bearer token. */
  async present(token: string | Promise<string>): Promise<Answered> {
    return this.fire(bearer(await token));
  }

  accepts(status: number): boolean {
    const { accepted = (code: number) => code >= 200 && code < 300 } = this.options.request;
    return accepted(status);
  }
}

/** A request with a bearer token in the `Authorization` header (RFC 6750, section 2.1). */
export function bearer(token: string): Shot {
  return { headers: [['authorization', `Bearer ${token}`]] };
}
