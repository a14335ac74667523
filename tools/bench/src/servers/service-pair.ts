import { freePort } from '@countersign/testing';
import { type Usage } from '../measure/child-protocol.js';
import { type Served } from '../measure/measure-in-turn.js';
import { ServerProcess } from '../measure/server-process.js';
import { type CountersignIssuer } from './issuers/countersign-issuer.js';

const main = (name: string): URL => new URL(`../../../../apps/${name}/dist/main.js`, import.meta.url);

/** orders and inventory as they are built, which answer an order together. */
export class ServicePair implements AsyncDisposable, Served {
  private constructor(
    private readonly servers: readonly ServerProcess[],
    /** Where orders listens. */
    readonly port: number,
    readonly inventoryPort: number,
  ) {}

  /** @param imports modules to load before each service, relative to the `dist` folder */
  static async start(issuer: CountersignIssuer, imports: readonly string[] = []): Promise<ServicePair> {
    const ports = { orders: await freePort(), inventory: await freePort() };
    const servers: ServerProcess[] = [];
    try {
      for (const name of ['inventory', 'orders'] as const) {
        const env = {
          AUTH_ISSUER: issuer.issuer,
          M2M_CLIENT_ID: name,
          M2M_CLIENT_SECRET_FILE: issuer.secretFile(name),
          ORDERS_URL: `http://127.0.0.1:${ports.orders}`,
          INVENTORY_URL: `http://127.0.0.1:${ports.inventory}`,
        };
        servers.push(await ServerProcess.startService(main(name), ports[name], env, imports));
      }
      return new ServicePair(servers, ports.orders, ports.inventory);
    } catch (error) {
      await Promise.all(servers.map((server) => server[Symbol.asyncDispose]()));
      throw error;
    }
  }

  /** What both use together. */
  async usage(): Promise<Usage> {
    const usages = await Promise.all(this.servers.map((server) => server.usage()));
    const sum = (of: (usage: Usage) => number): number =>
      usages.reduce((total, usage) => total + of(usage), 0);
    return {
      cpuMicros: sum(({ cpuMicros }) => cpuMicros),
      rss: sum(({ rss }) => rss),
      heapUsed: sum(({ heapUsed }) => heapUsed),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.servers.map((server) => server[Symbol.asyncDispose]()));
  }
}
