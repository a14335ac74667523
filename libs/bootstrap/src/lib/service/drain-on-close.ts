import type { Server } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { AbstractHttpAdapter } from '@nestjs/core';
import type { Logger } from 'pino';
import type { ServerOptions } from '../environment/server.environment.js';
import type { Readiness } from '../health/readiness.js';
import type { RequestsInFlight } from '../http/requests-in-flight.js';

/** What {@link drainOnClose} works with. */
export interface DrainOptions {
  readonly readiness: Readiness;
  readonly inFlight: RequestsInFlight;
  readonly server: Pick<ServerOptions, 'shutdownDelay' | 'shutdownGrace'>;
  readonly logger: Logger;
}

/** What Nest waits for before it stops any module. */
interface Closing {
  beforeClose?(): void | Promise<void>;
}

/**
 * Makes `app.close()` graceful: not ready first, then no new connections, then the requests in flight finish, and only
 * then do the modules stop that those requests use.
 */
export function drainOnClose(adapter: AbstractHttpAdapter, options: DrainOptions): void {
  const { readiness, inFlight, server, logger } = options;
  const closing: Closing = adapter;
  const beforeClose = closing.beforeClose?.bind(adapter);
  closing.beforeClose = async () => {
    const httpServer = adapter.getHttpServer() as Server;
    readiness.stop();
    if (httpServer.listening && server.shutdownDelay > 0) await delay(server.shutdownDelay);
    await beforeClose?.();
    const cutOff = await inFlight.drain(httpServer, server.shutdownGrace);
    if (cutOff > 0)
      logger.warn({ cutOff, graceMs: server.shutdownGrace }, 'requests were cut off at the shutdown');
  };
}
