import { randomBytes, type JsonWebKey } from 'node:crypto';
import { certificateThumbprint } from '../keys/certificate-thumbprint.js';
import { rememberSecret } from '../secrets/secret-registry.js';
import { type LoopbackApi, type LoopbackClient } from './options.js';

/** A client as the issuer keeps it. */
export interface RegisteredClient {
  readonly clientId: string;
  readonly grants: Readonly<Record<string, readonly string[]>> | undefined;
  readonly publicKey: JsonWebKey | undefined;
  readonly certificateThumbprint: string | undefined;
  readonly requiresDpop: boolean;
  secrets: string[];
  revoked: boolean;
}

/** The clients and APIs of one issuer, and who may have what. */
export class ClientRegistry {
  readonly #clients = new Map<string, RegisteredClient>();
  readonly #apis = new Map<string, LoopbackApi>();

  constructor(clients: readonly LoopbackClient[], apis: readonly LoopbackApi[]) {
    for (const api of apis) this.#apis.set(api.audience, api);
    for (const client of clients)
      this.#clients.set(client.clientId, {
        clientId: client.clientId,
        grants: client.grants,
        publicKey: client.publicKey,
        certificateThumbprint: client.certificate && certificateThumbprint(client.certificate),
        requiresDpop: client.requiresDpop ?? false,
        secrets: [remembered(client.clientId, client.clientSecret ?? newSecret())],
        revoked: false,
      });
  }

  get firstClientId(): string {
    return this.#clients.keys().next().value ?? 'test-client';
  }

  get firstAudience(): string {
    const audience = this.#apis.keys().next().value;
    if (audience === undefined) throw new Error('The loopback issuer has no API: give start() at least one.');
    return audience;
  }

  api(audience: string): LoopbackApi | undefined {
    return this.#apis.get(audience);
  }

  /** A client that may have tokens. */
  active(clientId: string): RegisteredClient | undefined {
    const client = this.#clients.get(clientId);
    return client?.revoked ? undefined : client;
  }

  /** What a client is granted on an API; `undefined` without a grant. */
  granted(clientId: string, api: LoopbackApi): readonly string[] | undefined {
    const client = this.#clients.get(clientId);
    return client && (client.grants ? client.grants[api.audience] : api.scopes);
  }

  secret(clientId: string): string {
    return this.#known(clientId).secrets[0] ?? '';
  }

  rotateSecret(clientId: string, keepOld: boolean): string {
    const client = this.#known(clientId);
    client.secrets = [remembered(clientId, newSecret()), ...(keepOld ? client.secrets.slice(0, 1) : [])];
    return this.secret(clientId);
  }

  setRevoked(clientId: string, revoked: boolean): void {
    this.#known(clientId).revoked = revoked;
  }

  #known(clientId: string): RegisteredClient {
    const client = this.#clients.get(clientId);
    if (!client) throw new Error(`The loopback issuer has no client '${clientId}'.`);
    return client;
  }
}

function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

function remembered(clientId: string, secret: string): string {
  rememberSecret(`client secret of ${clientId}`, secret);
  return secret;
}
