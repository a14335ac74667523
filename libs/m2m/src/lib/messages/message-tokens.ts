import { M2mError } from '../errors/m2m-error.js';
import type { Connection } from '../http/connection.js';
import type { TokenSource } from '../http/token-source.js';
import type { AccessToken } from '../tokens/access-token.js';

/** The tokens of a connection, for messages in place of HTTP. */
export class MessageTokens {
  constructor(
    private readonly connection: Connection,
    private readonly tokens: TokenSource,
  ) {}

  /**
   * A token that lives for as long as a call of the connection may take, waited for no longer than that.
   *
   * @throws M2mError as `getToken` does
   */
  async take(): Promise<AccessToken> {
    const { request, timeout } = this.connection;
    return (
      this.tokens.peek(request, timeout) ??
      this.tokens.getToken({ ...request, minTtl: timeout, signal: AbortSignal.timeout(timeout) })
    );
  }

  /**
   * Lets go of a token that the callee refused.
   *
   * @returns whether another may be had now
   */
  drop({ fingerprint }: AccessToken): boolean {
    return this.tokens.drop(this.connection.request, fingerprint);
  }

  /** The error for a message that brings what only its connection may decide about. */
  refusal(what: string): M2mError {
    const { name, request } = this.connection;
    return new M2mError('connection_misconfigured', `A message to ${name} was not sent: ${what}.`, {
      audience: request.audience,
    });
  }
}
