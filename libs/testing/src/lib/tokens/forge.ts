import { randomUUID } from 'node:crypto';
import { CompactEncrypt } from 'jose';
import { base64url, hmacInput, signInput } from './compact-jws.js';
import { type MintOptions, type TokenParts } from './mint.js';
import { type SigningAlgorithm, type SigningKey } from '../keys/signing-key.js';

/** A part of a compact JWS. */
export type JwsPart = 'header' | 'payload' | 'signature';

/** Exact content of a token; what is not given is as in a valid one. */
export interface RawToken {
  /** An object, or the exact JSON (or any other) text. */
  header?: Record<string, unknown> | string;
  /** An object, or the exact JSON (or any other) text. */
  payload?: Record<string, unknown> | string;
  /** Default: the issuer's first current key. */
  key?: SigningKey;
  /** The algorithm to sign with, whatever the header says. Default: the key's own. */
  signWith?: SigningAlgorithm;
  /** What a valid token would hold, where header or payload are not given. */
  mint?: MintOptions;
}

/** How the public key is turned into an HMAC secret. */
export type SecretForm = 'spki-pem' | 'pkcs1-pem' | 'spki-der' | 'jwk' | 'modulus' | 'empty';

const base64urlAlphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

function text(content: Record<string, unknown> | string): string {
  return typeof content === 'string' ? content : JSON.stringify(content);
}

/** The same bytes in another spelling: the unused bits of the last character are set (RFC 4648, section 3.5). */
function respell(segment: string): string {
  const unusedBits = { 2: 4, 3: 2 }[segment.length % 4];
  if (unusedBits === undefined) return `${segment}=`;
  const last = base64urlAlphabet.indexOf(segment.at(-1) ?? 'A');
  return `${segment.slice(0, -1)}${base64urlAlphabet[last ^ 1] ?? 'B'}`;
}

/** Makes the tokens that no well-behaved authorization server would. */
export class TokenForge {
  constructor(
    private readonly partsOf: (options?: MintOptions) => TokenParts,
    private readonly currentKey: (alg?: SigningAlgorithm) => SigningKey,
    private readonly defaults: MintOptions = {},
  ) {}

  /** The same forge with other valid content to start from, such as another API's audience. */
  startingFrom(defaults: MintOptions): TokenForge {
    return new TokenForge(this.partsOf, this.currentKey, { ...this.defaults, ...defaults });
  }

  private parts(options: MintOptions = {}): TokenParts {
    return this.partsOf({ ...this.defaults, ...options });
  }

  /** A token of exactly this content, with a signature that holds over it. */
  raw(options: RawToken = {}): string {
    const key = options.key ?? this.currentKey(options.mint?.alg);
    const valid = this.parts({ ...options.mint, key });
    const input = `${base64url(text(options.header ?? valid.header))}.${base64url(text(options.payload ?? valid.claims))}`;
    return `${input}.${signInput(input, options.signWith ?? key.alg, key.privateKey).toString('base64url')}`;
  }

  /**
   * A token that says it needs no signature (RFC 8725, section 2.1).
   *
   * @param alg the spelling of `none`
   * @param signature default: empty, as RFC 7519, section 6 has it
   */
  unsigned(alg = 'none', signature = ''): string {
    const { header, claims } = this.parts();
    return `${base64url(text({ ...header, alg }))}.${base64url(text(claims))}.${signature}`;
  }

  /** A token whose HMAC is made with the issuer's public key as its secret (RFC 8725, section 2.1). */
  hmacWithPublicKey(form: SecretForm = 'spki-pem', bits: 256 | 384 | 512 = 256): string {
    const key = this.currentKey();
    const secrets: Record<SecretForm, () => string | Buffer> = {
      'spki-pem': () => key.publicKey.export({ type: 'spki', format: 'pem' }),
      'pkcs1-pem': () => key.publicKey.export({ type: 'pkcs1', format: 'pem' }),
      'spki-der': () => key.publicKey.export({ type: 'spki', format: 'der' }),
      jwk: () => JSON.stringify(key.publicJwk),
      modulus: () => Buffer.from(key.publicJwk.n ?? '', 'base64url'),
      empty: () => '',
    };
    const { header, claims } = this.parts();
    const input = `${base64url(text({ ...header, alg: `HS${bits}` }))}.${base64url(text(claims))}`;
    return `${input}.${hmacInput(input, bits, secrets[form]()).toString('base64url')}`;
  }

  /** A valid token with one part spelt non-canonically: the same bytes, another text. */
  nonCanonical(part: JwsPart): string {
    if (part === 'signature') {
      const [header = '', payload = '', signature = ''] = this.raw().split('.');
      return `${header}.${payload}.${respell(signature)}`;
    }
    return this.resigned((segments) => {
      segments[part] = respell(segments[part]);
    }, part);
  }

  /** A token whose encoded header or payload is altered before it is signed, so that the signature holds. */
  resigned(
    alter: (segments: { header: string; payload: string }) => void,
    padPart?: 'header' | 'payload',
  ): string {
    const key = this.currentKey();
    const { header, claims } = this.parts();
    const pad = (value: Record<string, unknown>, wanted: boolean): string => {
      const encoded = JSON.stringify(value);
      return wanted && Buffer.byteLength(encoded) % 3 === 0 ? `${encoded} ` : encoded;
    };
    const segments = {
      header: base64url(pad(header, padPart === 'header')),
      payload: base64url(pad(claims, padPart === 'payload')),
    };
    alter(segments);
    const input = `${segments.header}.${segments.payload}`;
    return `${input}.${signInput(input, key.alg, key.privateKey).toString('base64url')}`;
  }

  /**
   * A validly signed token that names one JSON member twice; the first has the rightful value, the last has this
   * one, so that parsers disagree about what it says (RFC 8725, section 2.4).
   */
  duplicateMember(part: 'header' | 'payload', name: string, value: unknown): string {
    const { header, claims } = this.parts();
    const whole = text(part === 'header' ? header : claims);
    const doubled = `${whole.slice(0, -1)},${JSON.stringify(name)}:${JSON.stringify(value)}}`;
    return this.raw({ [part]: doubled });
  }

  /** A valid token with one bit of one part turned. */
  tampered(part: JwsPart): string {
    const segments = this.raw().split('.');
    const index = { header: 0, payload: 1, signature: 2 }[part];
    const segment = segments[index] ?? '';
    const middle = Math.floor(segment.length / 2);
    const turned = base64urlAlphabet[base64urlAlphabet.indexOf(segment[middle] ?? 'A') ^ 32] ?? 'A';
    segments[index] = `${segment.slice(0, middle)}${turned}${segment.slice(middle + 1)}`;
    return segments.join('.');
  }

  /** A valid token, encrypted: five segments (RFC 7516). The key is the issuer's RSA key. */
  async jwe(content: 'jwt' | 'claims' = 'jwt'): Promise<string> {
    const key = this.currentKey('RS256');
    const plain = content === 'jwt' ? this.raw({ key }) : text(this.parts().claims);
    return new CompactEncrypt(new TextEncoder().encode(plain))
      .setProtectedHeader({ alg: 'RSA-OAEP-256', enc: 'A256GCM', kid: key.kid, cty: 'JWT' })
      .encrypt(key.publicKey);
  }

  /** An OpenID Connect ID token of the issuer for a client (OpenID Connect Core 1.0, section 2). */
  idToken(clientId = 'test-client'): string {
    const { header, claims } = this.parts();
    const { iss, iat, exp } = claims;
    return this.raw({
      header: { ...header, typ: 'JWT' },
      payload: {
        iss,
        iat,
        exp,
        sub: 'user',
        aud: clientId,
        nonce: randomUUID(),
        at_hash: 'x',
        auth_time: iat,
      },
    });
  }

  /** A back-channel logout token (OpenID Connect Back-Channel Logout 1.0, section 2.4) with the API's audience. */
  logoutToken(): string {
    const { header, claims } = this.parts();
    const events = { 'http://schemas.openid.net/event/backchannel-logout': {} };
    return this.raw({
      header: { ...header, typ: 'logout+jwt' },
      payload: { ...claims, jti: randomUUID(), events },
    });
  }

  /** A DPoP proof (RFC 9449, section 4.2) that carries its own key, offered as an access token. */
  dpopProof(key: SigningKey): string {
    const { claims } = this.parts();
    return this.raw({
      key,
      header: { alg: key.alg, typ: 'dpop+jwt', jwk: key.publicKey.export({ format: 'jwk' }) },
      payload: { ...claims, jti: randomUUID(), htm: 'GET', htu: claims['iss'] },
    });
  }
}
