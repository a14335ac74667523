import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { INestApplication } from '@nestjs/common';
import { WsAdapter } from '@nestjs/platform-ws';
import { AuthError } from '../errors/auth-error.js';
import { AUTH_SETTINGS, type AuthSettings } from '../module/auth-settings.js';
import { AccessRefusedException } from '../refusal/access-refused.exception.js';
import { setCaller } from '../requirement/caller-store.js';
import { handshakeToken, keepToken } from '../transports/ws-handshake.js';
import { AccessTokenVerifier } from '../verifier/access-token-verifier.js';
import type { VerifiedToken } from '../verifier/verified-token.js';
import { closeAtExpiry, type Closable } from './close-at-expiry.js';

/** How {@link AuthWsAdapter} lets clients connect. */
export interface AuthWsAdapterOptions {
  /**
   * Whether a client may connect without a token, for the messages of `@Public()` handlers. A token that it does send
   * must hold all the same. Default false.
   */
  readonly anonymous?: boolean;
}

type Decide = (accepted: boolean, status?: number, body?: string, headers?: Record<string, string>) => void;
type VerifyClient = (info: { readonly req: IncomingMessage }, decide: Decide) => void;

interface WsServer {
  on(event: 'connection', listener: (client: Closable, request: IncomingMessage) => void): void;
}

/**
 * Nest's adapter for `ws`, with the token of the handshake checked before the connection is there: a refusal is the
 * HTTP answer to the upgrade, with the status, the challenge and the body that any other request would get. When the
 * token expires, the connection is closed with 1008 (RFC 6455 §7.4.1).
 *
 * @example
 * ```ts
 * app.useWebSocketAdapter(new AuthWsAdapter(app));
 * ```
 */
export class AuthWsAdapter extends WsAdapter {
  private readonly verifier: AccessTokenVerifier;
  private readonly settings: AuthSettings;
  private readonly accepted = new WeakMap<IncomingMessage, readonly [token: string, caller: VerifiedToken]>();

  constructor(
    app: INestApplication,
    private readonly admission: AuthWsAdapterOptions = {},
  ) {
    super(app);
    this.verifier = app.get(AccessTokenVerifier, { strict: false });
    this.settings = app.get<AuthSettings>(AUTH_SETTINGS, { strict: false });
  }

  override create(port: number, options: Record<string, unknown> = {}): unknown {
    const verifyClient: VerifyClient = ({ req }, decide) => void this.admit(req, decide);
    const server = super.create(port, { ...options, verifyClient }) as WsServer;
    server.on('connection', (client, request) => {
      const known = this.accepted.get(request);
      if (!known) return;
      const [token, caller] = known;
      keepToken(client, token);
      setCaller(client, caller);
      closeAtExpiry(client, caller.expiresAt);
    });
    return server;
  }

  private async admit(request: IncomingMessage, decide: Decide): Promise<void> {
    try {
      const token = handshakeToken(request);
      this.accepted.set(request, [token, await this.verifier.verify(token)]);
      decide(true);
    } catch (error) {
      if (!(error instanceof AuthError)) {
        this.logger.error(error);
        decide(false, 500, STATUS_CODES[500]);
      } else if (error.code === 'token_missing' && this.admission.anonymous === true) {
        decide(true);
      } else {
        const refused = new AccessRefusedException(error, this.settings.challenge);
        const headers = { ...refused.headers, 'content-type': 'application/json; charset=utf-8' };
        decide(false, error.status, JSON.stringify(refused.getResponse()), headers);
      }
    }
  }
}
