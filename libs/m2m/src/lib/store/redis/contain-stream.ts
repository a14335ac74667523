import type { Duplex } from 'node:stream';

/**
 * Makes what fails while a stream's data is read the end of the stream. ioredis reads within the `data` event and throws
 * there at answers that nothing asked for; nobody could catch that, and the process would end.
 */
export function containStream(stream: Duplex): void {
  const emit = stream.emit.bind(stream) as (event: string | symbol, ...args: unknown[]) => boolean;
  stream.emit = (event: string | symbol, ...args: unknown[]): boolean => {
    if (event !== 'data') return emit(event, ...args);
    try {
      return emit(event, ...args);
    } catch (error) {
      stream.destroy(error as Error);
      return true;
    }
  };
}
