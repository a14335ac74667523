import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/**
 * What the proxy does: hand everything on, refuse and end every connection, keep what it is sent, or change one byte
 * in what it hands back.
 */
export type ProxyMode = 'pass' | 'cut' | 'stall' | 'garble';

/** A TCP proxy on a free loopback port that goes wrong as a test wants. */
export interface FaultProxy {
  readonly port: number;
  /** Sets what it does from now on; what was kept is handed on when it passes again. */
  set(mode: ProxyMode): void;
  close(): Promise<void>;
}

/** @param target the port on 127.0.0.1 that is behind it */
export async function startFaultProxy(target: number): Promise<FaultProxy> {
  let mode: ProxyMode = 'pass';
  const sockets = new Set<Socket>();
  const kept: (() => void)[] = [];
  const pipe = (from: Socket, to: Socket, back: boolean) => {
    sockets.add(from);
    from.on('error', () => undefined);
    from.on('close', () => {
      sockets.delete(from);
      to.destroy();
    });
    from.on('data', (chunk: Buffer) => {
      const bytes = mode === 'garble' && back ? garbled(chunk) : chunk;
      if (mode === 'stall') kept.push(() => void to.write(bytes));
      else to.write(bytes);
    });
  };
  const server = createServer((socket) => {
    if (mode === 'cut') {
      socket.on('error', () => undefined).destroy();
      return;
    }
    const behind = connect(target, '127.0.0.1');
    pipe(socket, behind, false);
    pipe(behind, socket, true);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    set(next) {
      mode = next;
      if (mode === 'cut') for (const socket of sockets) socket.destroy();
      if (mode === 'pass') for (const write of kept.splice(0)) write();
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Changes the last byte before the line end, which is in a value where there is one. */
function garbled(chunk: Buffer): Buffer {
  const bytes = Buffer.from(chunk);
  const at = Math.max(0, bytes.length - 3 - Math.floor(Math.random() * Math.min(16, bytes.length)));
  bytes[at] = (bytes[at] as number) ^ 1;
  return bytes;
}
