import type { InternalAxiosRequestConfig } from 'axios';
import { M2mError } from '../errors/m2m-error.js';
import { CallSignal } from './call-signal.js';
import type { Connection } from './connection.js';

/** A timer of Node.js cannot wait longer than about 24 days; a call has no reason to wait longer than 10 minutes. */
const longestMs = 600_000;

/** How long a call may take and how its caller can give up, as axios words it. */
export type CallLimits = Pick<InternalAxiosRequestConfig, 'timeout' | 'signal' | 'cancelToken'>;

/** The one deadline of a call, the wait for its token included, and every way in which its caller can give up. */
export class CallDeadline {
  /** Is aborted at the deadline, and when the caller gives up. */
  readonly signal = new CallSignal();
  readonly #endsAt: number;
  readonly #timer: NodeJS.Timeout;
  readonly #release: () => void;

  /** @param limits `timeout` in milliseconds; default, and in place of 0, that of the connection */
  constructor(limits: CallLimits, { name, timeout, request }: Connection) {
    const ms = Math.min(limits.timeout && limits.timeout > 0 ? limits.timeout : timeout, longestMs);
    this.#endsAt = performance.now() + ms;
    this.#timer = setTimeout(() => this.signal.abort(tooLate(name, ms, request.audience)), ms);
    this.#release = follow(limits, () => this.signal.abort(givenUp()));
  }

  /** What is left, in milliseconds, at least 1. */
  get left(): number {
    return Math.max(1, Math.ceil(this.#endsAt - performance.now()));
  }

  /** Ends the watch; the call has settled. */
  end(): void {
    clearTimeout(this.#timer);
    this.#release();
  }
}

/** Hears when the caller gives up by its signal or cancel token. */
function follow({ signal, cancelToken }: CallLimits, abort: () => void): () => void {
  if (signal?.aborted || cancelToken?.reason) abort();
  const token = cancelToken as
    { subscribe?(f: () => void): void; unsubscribe?(f: () => void): void } | undefined;
  signal?.addEventListener?.('abort', abort);
  token?.subscribe?.(abort);
  return () => {
    signal?.removeEventListener?.('abort', abort);
    token?.unsubscribe?.(abort);
  };
}

const givenUp = (): Error => new DOMException('The caller gave up.', 'AbortError');

const tooLate = (name: string, ms: number, audience: string): M2mError =>
  new M2mError(
    'deadline_exceeded',
    `The call to ${name} was not answered within ${ms} ms, the wait for its token included.`,
    { audience },
  );
