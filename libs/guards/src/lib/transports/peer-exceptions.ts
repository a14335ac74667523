type ExceptionClass = new (error: object) => Error;

const loaded: { rpc?: ExceptionClass; ws?: ExceptionClass } = {};

/**
 * The exception classes of the transports that the app has installed. Nest knows a refusal over RPC or WebSocket by
 * its class alone, and neither package is there in an app that speaks HTTP.
 */
export const peerExceptions = {
  /** Loads them; done before the app takes its first message. */
  async load(): Promise<void> {
    const [rpc, ws] = await Promise.all([
      optional(() => import('@nestjs/microservices')),
      optional(() => import('@nestjs/websockets')),
    ]);
    if (rpc) loaded.rpc = rpc.RpcException;
    if (ws) loaded.ws = ws.WsException;
  },

  rpc: (): ExceptionClass => needed(loaded.rpc, '@nestjs/microservices'),
  ws: (): ExceptionClass => needed(loaded.ws, '@nestjs/websockets'),
};

async function optional<T>(load: () => Promise<T>): Promise<T | undefined> {
  try {
    return await load();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}

function needed(exception: ExceptionClass | undefined, name: string): ExceptionClass {
  if (!exception)
    throw new Error(`Import AuthModule, and install ${name}: its exceptions carry the refusals.`);
  return exception;
}
