import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWK, SignJWT, type CryptoKey } from 'jose';

export const AUDIENCE = 'https://orders.countersign.example';

/** What a token is to look like where it differs from a good one; `undefined` takes a claim out. */
export interface TokenShape {
  readonly scope?: string;
  readonly clientId?: string;
  readonly audience?: string | string[];
  readonly claims?: Record<string, unknown>;
  readonly header?: Record<string, unknown>;
  readonly expiresIn?: number;
}

/** A loopback key set with one RS256 key, and tokens signed with it. */
export class TestIssuer {
  private readonly strangers = generateKeyPair('RS256');
  jwksRequests = 0;
  down = false;

  private constructor(
    private readonly server: Server,
    private readonly key: CryptoKey,
    private readonly jwk: JWK,
  ) {}

  static async start(): Promise<TestIssuer> {
    const { publicKey, privateKey } = await generateKeyPair('RS256');
    const jwk = { ...(await exportJWK(publicKey)), kid: 'key-1', alg: 'RS256', use: 'sig' };
    const server = createServer();
    const issuer = new TestIssuer(server, privateKey, jwk);
    server.on('request', (request, response) => {
      const answer = issuer.answer(request.url ?? '');
      response.statusCode = answer ? 200 : issuer.down ? 503 : 404;
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(answer ?? {}));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return issuer;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/`;
  }

  async mint(shape: TokenShape = {}): Promise<string> {
    return this.sign(shape, this.key);
  }

  /** A token with everything right but the key that signed it. */
  async forge(shape: TokenShape = {}): Promise<string> {
    return this.sign(shape, (await this.strangers).privateKey);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private answer(path: string): unknown {
    if (this.down) return undefined;
    if (path === '/.well-known/jwks.json') {
      this.jwksRequests += 1;
      return { keys: [this.jwk] };
    }
    if (path === '/.well-known/openid-configuration') {
      return { issuer: this.url, jwks_uri: `${this.url}.well-known/jwks.json` };
    }
    return undefined;
  }

  private async sign(shape: TokenShape, key: CryptoKey): Promise<string> {
    const { scope = 'read:orders', clientId = 'storefront', audience = AUDIENCE, expiresIn = 3600 } = shape;
    const now = Math.floor(Date.now() / 1000);
    const claims: Record<string, unknown> = {
      iss: this.url,
      sub: `${clientId}@clients`,
      aud: audience,
      azp: clientId,
      scope,
      iat: now,
      exp: now + expiresIn,
      gty: 'client-credentials',
      jti: crypto.randomUUID(),
      ...shape.claims,
    };
    return new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: 'key-1', ...shape.header })
      .sign(key);
  }
}
