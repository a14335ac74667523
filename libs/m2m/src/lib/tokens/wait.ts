import { M2mError } from '../errors/m2m-error.js';

/** Waits for a shared promise for as long as one's own signal lets one; the promise itself goes on. */
export function waitFor<T>(
  promise: Promise<T>,
  audience: string,
  signal: AbortSignal | undefined,
): Promise<T> {
  if (signal === undefined) return promise;
  if (signal.aborted) return Promise.reject(interrupted(audience, signal));
  return new Promise<T>((resolve, reject) => {
    const abort = () => reject(interrupted(audience, signal));
    signal.addEventListener('abort', abort, { once: true });
    void promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

/** The error of a caller whose signal ended its wait: `deadline_exceeded` for a timeout, `aborted` else. */
export function interrupted(audience: string, { reason }: AbortSignal): M2mError {
  if (reason instanceof M2mError) return reason;
  return reason instanceof Error && reason.name === 'TimeoutError'
    ? new M2mError(
        'deadline_exceeded',
        `The caller's time was up before a token for ${audience} came. Allow it more time, or look at how long the authorization server takes.`,
        { audience },
      )
    : new M2mError('aborted', `The caller gave up waiting for a token for ${audience}.`, { audience });
}
