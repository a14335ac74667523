import { constants } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import type { BuiltService } from './create-service.js';

const signals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

/** How long the modules may take to stop once the last request is answered, in milliseconds. */
const modulesStopWithin = 5_000;

/**
 * Stops a service on SIGTERM, SIGINT or SIGHUP, or when a parent process that opened an IPC channel goes away, and ends
 * the process with 0. A second signal ends it at once.
 */
export function stopOnSignals({ app, server, logger }: BuiltService): void {
  let stopping = false;
  const stop = async (reason: string, exitCodeWhenAgain: number): Promise<void> => {
    if (stopping) process.exit(exitCodeWhenAgain);
    stopping = true;
    logger.info({ reason }, 'stopping');
    const bound = server.shutdownDelay + server.shutdownGrace + modulesStopWithin;
    const inTime = await Promise.race([
      app.close().then(() => true),
      delay(bound, false, { ref: false }),
    ]).catch((error: unknown) => {
      logger.error({ err: error }, 'stopping failed');
      return false;
    });
    logger.info({ clean: inTime }, 'stopped');
    process.exit(inTime ? 0 : 1);
  };
  for (const signal of signals) process.on(signal, () => void stop(signal, 128 + constants.signals[signal]));
  process.once('disconnect', () => void stop('the parent process went away', 1));
  process.on('uncaughtException', (error) => {
    logger.fatal({ err: error }, 'uncaught exception');
    process.exit(1);
  });
}
