import { catchError, defer, mergeMap, type Observable, tap } from 'rxjs';
import type { AccessToken } from '../tokens/access-token.js';
import type { MessageTokens } from './message-tokens.js';

/** One call over messages. */
export interface MessageCall<T> {
  /** Sends it with a token. */
  readonly send: (token: AccessToken) => Observable<T>;
  /** Whether an error says that the token was refused as invalid. */
  readonly refused: (error: unknown) => boolean;
  /** Whether it can be sent twice. */
  readonly replayable: boolean;
}

/**
 * Sends a call once its token is there. Where the callee refuses the token before anything else was answered, the call
 * is sent once more with another, if it can be sent twice. Each subscription is a call of its own.
 */
export function callWithToken<T>(tokens: MessageTokens, call: MessageCall<T>): Observable<T> {
  const take = () => defer(() => tokens.take());
  return take().pipe(
    mergeMap((token) => {
      let answered = false;
      return call.send(token).pipe(
        tap(() => (answered = true)),
        catchError((error: unknown) => {
          if (answered || !call.refused(error) || !tokens.drop(token) || !call.replayable) throw error;
          return take().pipe(
            mergeMap((other) => {
              if (other.fingerprint === token.fingerprint) throw error;
              return call.send(other);
            }),
          );
        }),
      );
    }),
  );
}
