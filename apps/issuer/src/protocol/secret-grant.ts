import { randomUUID } from 'node:crypto';
import type { Directory } from '../directory/directory.js';
import type { TokenSigner } from '../keys/token-signer.js';
import { secretsBusy, unauthenticated } from '../policy/token-refusal.js';
import { SecretVerifierBusyError, type SecretVerifier } from '../secrets/secret-verifier.js';
import { exchangeContent } from './exchange-content.js';
import type { PresentedSecret } from './presented-secret.js';
import type { TokenDecider } from './token-decider.js';
import type { TokenExchange } from './token-exchange.js';

/** What {@link SecretGrant} works with. */
export interface SecretGrantParts {
  readonly issuer: string;
  readonly secrets: SecretVerifier;
  readonly decider: TokenDecider;
  readonly signer: TokenSigner;
}

/** A successful answer of the token endpoint (RFC 6749 §5.1). */
export interface TokenResponse {
  readonly access_token: string;
  readonly expires_in: number;
  readonly scope?: string;
  readonly token_type: 'Bearer';
}

/**
 * Grants tokens to clients that prove who they are by a secret and bind the token to nothing: nearly all there are. It
 * needs nothing of the protocol engine, which takes several times as long.
 */
export class SecretGrant {
  constructor(private readonly parts: SecretGrantParts) {}

  /** @throws {@link TokenRefusal} */
  async grant(presented: PresentedSecret, exchange: TokenExchange): Promise<TokenResponse> {
    const { decider, signer, issuer } = this.parts;
    await this.#authenticate(presented, exchange.directory);
    const { api, scopes, lifetime } = await decider.decide(exchange, presented.clientId, false);
    const key = exchange.directory.signingKey(api.signingAlg);
    if (!key) throw new Error(`there is no current key for ${api.signingAlg}`);
    const issuedAt = Math.floor(Date.now() / 1000);
    const { header, claims } = exchangeContent(exchange, issuer, {
      issuedAt,
      expiresAt: issuedAt + lifetime,
      tokenId: randomUUID(),
    });
    return {
      access_token: signer.sign(key, { kid: key.kid, ...header }, claims),
      expires_in: lifetime,
      ...(scopes.length > 0 && { scope: scopes.join(' ') }),
      token_type: 'Bearer',
    };
  }

  async #authenticate({ clientId, secret }: PresentedSecret, directory: Directory): Promise<void> {
    const { secrets } = this.parts;
    const client = directory.client(clientId);
    const hashes = client && bySecret.has(client.authMethod) ? client.secretHashes : [];
    try {
      if (await secrets.verify(clientId, secret, hashes)) return;
    } catch (error) {
      throw error instanceof SecretVerifierBusyError ? secretsBusy(error.message) : error;
    }
    throw unauthenticated(client ? 'client_unauthenticated' : 'client_unknown');
  }
}

/** Either way to send a secret will do for either. */
const bySecret: ReadonlySet<string> = new Set(['client_secret_post', 'client_secret_basic']);
