/**
 * Waits for an answer, and no longer than it may take. What comes later is let go.
 *
 * @param milliseconds the longest wait
 * @param what is waited for, for the message of the error
 * @throws Error when the time is up, or what the answer rejects with
 */
export async function within<T>(milliseconds: number, what: string, answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new Error(`${what} did not answer within ${milliseconds} ms`)),
      milliseconds,
    );
  });
  try {
    return await Promise.race([answer, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
