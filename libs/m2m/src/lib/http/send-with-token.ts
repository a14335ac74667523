import type { SenderBinding } from '../sender/sender-binding.js';
import type { AccessToken } from '../tokens/access-token.js';
import { waitFor } from '../tokens/wait.js';
import type { CallDeadline } from './call-deadline.js';
import { bearerChallenge } from './challenge.js';
import type { Connection } from './connection.js';
import { type Credentials, credentialsOf } from './credentials.js';
import type { TokenSource } from './token-source.js';

/** What a client of one kind does for a call: how it sends, and how its answers are read. */
export interface Wire<R> {
  readonly method: string;
  /** Where the call goes, as it was checked. */
  readonly url: URL;
  /** Whether the body can be sent twice. */
  readonly replayable: boolean;
  send(credentials: Credentials): Promise<R>;
  status(response: R): number;
  header(response: R, name: string): unknown;
  /** Lets go of an answer that is not handed on. */
  discard(response: R): void;
}

/**
 * Sends a call with the connection's token, and once more with another where the callee says `invalid_token`
 * (RFC 6750 §3.1), or with another proof where it asks for its nonce (RFC 9449 §9), if the body can be sent twice.
 * Each of the two happens once at most.
 */
export async function sendWithToken<R>(
  connection: Connection,
  tokens: TokenSource,
  sender: SenderBinding,
  deadline: CallDeadline,
  wire: Wire<R>,
): Promise<R> {
  if (sender.certificate)
    await waitFor(sender.certificate.lookAgain(), connection.request.audience, deadline.signal.native);
  let token = await tokenFor(connection, tokens, deadline);
  let [mayProveAgain, mayReplace] = [sender.dpop !== undefined && wire.replayable, true];
  for (;;) {
    const response = await attempt(token, connection, sender, deadline, wire);
    const error = refusalOf(response, wire);
    if (error === 'use_dpop_nonce' && mayProveAgain) {
      mayProveAgain = false;
      wire.discard(response);
    } else if (error === 'invalid_token' && mayReplace) {
      mayReplace = false;
      const other = await replacement(token, response, connection, tokens, deadline, wire);
      if (other === undefined) return response;
      wire.discard(response);
      token = other;
    } else return response;
  }
}

/** Another token in place of the one that was refused; none where there is no other or the body is gone. */
async function replacement<R>(
  { fingerprint }: AccessToken,
  response: R,
  connection: Connection,
  tokens: TokenSource,
  deadline: CallDeadline,
  wire: Wire<R>,
): Promise<AccessToken | undefined> {
  if (!tokens.drop(connection.request, fingerprint) || !wire.replayable) return undefined;
  try {
    const other = await tokenFor(connection, tokens, deadline);
    return other.fingerprint === fingerprint ? undefined : other;
  } catch (error) {
    wire.discard(response);
    throw error;
  }
}

async function tokenFor(
  { request }: Connection,
  tokens: TokenSource,
  deadline: CallDeadline,
): Promise<AccessToken> {
  deadline.signal.throwIfAborted();
  const minTtl = deadline.left;
  return (
    tokens.peek(request, minTtl) ?? tokens.getToken({ ...request, minTtl, signal: deadline.signal.native })
  );
}

async function attempt<R>(
  token: AccessToken,
  connection: Connection,
  sender: SenderBinding,
  { signal }: CallDeadline,
  wire: Wire<R>,
): Promise<R> {
  const credentials = await credentialsOf(token, sender, wire.method, wire.url, connection);
  signal.throwIfAborted();
  const response = await wire.send(credentials);
  sender.dpop?.keepNonce(wire.url, wire.header(response, 'dpop-nonce'));
  return response;
}

/** Why a callee refused the credentials, where it did. */
const refusalOf = <R>(response: R, wire: Wire<R>): string | undefined =>
  wire.status(response) === 401
    ? bearerChallenge(wire.header(response, 'www-authenticate')).error
    : undefined;
