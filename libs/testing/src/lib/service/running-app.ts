import { type Server } from 'node:http';
import { type AddressInfo } from 'node:net';

/** The part of a Nest application that {@link listen} needs. */
export interface ListeningApp {
  listen(port: number, hostname: string): Promise<unknown>;
  getHttpServer(): unknown;
  close(): Promise<unknown>;
}

/** An application that listens in the test's own process. */
export interface RunningApp<App extends ListeningApp = ListeningApp> extends AsyncDisposable {
  readonly app: App;
  /** Such as `http://127.0.0.1:41234`, without a slash at the end. */
  readonly url: string;
  /** Stops it. */
  readonly close: () => Promise<void>;
}

/**
 * Lets a Nest application listen on a free port of 127.0.0.1.
 *
 * @example
 * await using orders = await listen(await createService(service, env));
 * const response = await fetch(`${orders.url}/orders`);
 */
export async function listen<App extends ListeningApp>(app: App): Promise<RunningApp<App>> {
  await app.listen(0, '127.0.0.1');
  const { port } = (app.getHttpServer() as Server).address() as AddressInfo;
  const close = async (): Promise<void> => {
    await app.close();
  };
  return { app, url: `http://127.0.0.1:${port}`, close, [Symbol.asyncDispose]: close };
}
