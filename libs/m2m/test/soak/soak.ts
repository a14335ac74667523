import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { HttpService } from '@nestjs/axios';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { firstValueFrom } from 'rxjs';
import { connectionToken, M2mModule, type M2mModuleOptions, type TokenEvent } from '../../src/index.js';
import { RedisTokenStore } from '../../src/redis.js';
import { startFaultProxy } from '../support/fault-proxy.js';
import { leaksIn } from '../support/leaks.js';
import type { TestRedis } from '../support/redis.js';
import { runChaos } from './chaos.js';
import { SeededRandom } from './random.js';
import type { SoakReport } from './report.js';
import { startSoakCallee } from './soak-callee.js';
import { startSoakIssuer } from './soak-issuer.js';

/** How long and how hard. */
export interface SoakOptions {
  readonly seconds: number;
  readonly seed: number;
  readonly redis: TestRedis;
  /** Instances of the service. Default 3. */
  readonly instances?: number;
  /** Calls that each has under way. Default 8. */
  readonly workers?: number;
}

const callees = ['inventory', 'billing'] as const;
const callTimeout = 1_000;
const recoveryMs = 60_000;

@Module({})
class RootModule {}

/** One instance of the service: a Nest application with its connections and its own connection to Redis. */
async function startInstance(options: M2mModuleOptions, url: string, keys: string, prefix: string) {
  const store = new RedisTokenStore({ url, keys, prefix });
  const app = await NestFactory.createApplicationContext(
    {
      module: RootModule,
      imports: [M2mModule.forRoot({ ...options, store }), M2mModule.forFeature([...callees])],
    },
    { logger: false },
  );
  return {
    http: (callee: string) => app.get<HttpService>(connectionToken(callee), { strict: false }),
    close: async () => {
      await app.close();
      await store.close();
    },
  };
}

/** Calls through instances of a service while everything around them breaks and is mended, at random. */
export async function runSoak(soak: SoakOptions): Promise<SoakReport> {
  const { seconds, seed, redis, instances: size = 3, workers = 8 } = soak;
  const random = new SeededRandom(seed);
  const issuer = await startSoakIssuer(random);
  const apis = await Promise.all(callees.map((name) => startSoakCallee(`https://${name}.example`, issuer)));
  const proxy = await startFaultProxy(redis.port);
  const keys = `soak:${randomBytes(32).toString('base64')}`;
  const events = new Map<string, number>();
  const errors = new Map<string, { count: number; example: string }>();
  const secrets = `secret-of-soak-${randomBytes(12).toString('hex')}`;
  let succeeded = 0;
  const unhandled: string[] = [];
  let leaks = 0;

  const options: M2mModuleOptions = {
    issuer: issuer.issuer,
    tokenUrl: `${issuer.issuer}oauth/token`,
    clientId: 'soak',
    clientSecret: secrets,
    connections: Object.fromEntries(
      apis.map(({ url, audience }, index) => [
        callees[index] as string,
        { baseUrl: url, audience, timeout: callTimeout },
      ]),
    ),
    onTokenEvent: (event) => {
      const name = nameOf(event);
      events.set(name, (events.get(name) ?? 0) + 1);
    },
  };
  const start = () => startInstance(options, `redis://127.0.0.1:${proxy.port}`, keys, redis.prefix);
  const fleet = await Promise.all(Array.from({ length: size }, start));
  const restart = async () => {
    const index = Math.floor(random.next() * size);
    const old = fleet[index];
    fleet[index] = await start();
    await old?.close();
  };

  const onUnhandled = (cause: unknown) => unhandled.push(inspect(cause));
  process.on('unhandledRejection', onUnhandled);
  process.on('uncaughtException', onUnhandled);
  const call = async (index: number, callee: string): Promise<boolean> => {
    try {
      await firstValueFrom((fleet[index] as (typeof fleet)[number]).http(callee).get('/'));
      succeeded++;
      return true;
    } catch (error) {
      const code = codeOf(error);
      const known = errors.get(code) ?? { count: 0, example: String(error) };
      if (known.count === 0) leaks += leaksIn(error, [secrets, ...issuer.issued.keys()]).length;
      errors.set(code, { ...known, count: known.count + 1 });
      return false;
    }
  };
  const over = new AbortController();
  const work = async (index: number): Promise<void> => {
    while (!over.signal.aborted) {
      await call(index, random.pick(callees));
      await sleep(random.between(0, 10));
    }
  };
  const heap: number[] = [];
  const watchMemory = async (): Promise<void> => {
    while (!over.signal.aborted) {
      heap.push(liveHeap());
      await sleep((seconds * 1000) / 12, undefined, { signal: over.signal }).catch(() => undefined);
    }
  };

  const running = [
    ...fleet.flatMap((_, index) => Array.from({ length: workers }, () => work(index))),
    watchMemory(),
  ];
  const flush = () => redis.clear();
  const struck = runChaos({ issuer, callees: apis, proxy, flush, restart }, random, over.signal);
  await sleep(seconds * 1000);
  over.abort();
  const chaos = await struck;
  await Promise.all(running);
  const recovered = await recover(() =>
    Promise.all(fleet.flatMap((_, index) => callees.map((callee) => call(index, callee)))),
  );
  heap.push(liveHeap());
  const { mints } = issuer;
  for (const instance of fleet) await instance.close();
  await Promise.all([issuer.close(), proxy.close(), ...apis.map((api) => api.close())]);
  await sleep(100);
  process.off('unhandledRejection', onUnhandled);
  process.off('uncaughtException', onUnhandled);
  const sum = (count: (api: (typeof apis)[number]) => number) =>
    apis.reduce((all, api) => all + count(api), 0);
  return {
    seed,
    seconds,
    succeeded,
    errors,
    chaos,
    events,
    mints,
    wrongTokens: sum(({ findings }) => findings.wrong),
    unauthenticated: sum(({ findings }) => findings.unauthenticated),
    endedOnTheWay: sum(({ findings }) => findings.ended),
    unhandled,
    leaks,
    recovered,
    heap,
  };
}

/** Tries until every call succeeds. */
async function recover(callAll: () => Promise<boolean[]>): Promise<boolean> {
  for (const end = performance.now() + recoveryMs; performance.now() < end; await sleep(250))
    if ((await callAll()).every(Boolean)) return true;
  return false;
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return `untyped: ${typeof error}`;
  const { code, response } = error as { code?: unknown; response?: { status?: number } };
  if (response?.status !== undefined) return `status ${response.status}`;
  return typeof code === 'string' ? code : `untyped: ${error.name}`;
}

function nameOf(event: TokenEvent): string {
  if (event.type === 'failed') return `failed: ${event.code}${event.bridged ? ', bridged' : ''}`;
  return 'reason' in event ? `${event.type}: ${event.reason}` : event.type;
}

/** What is in use after a collection, in bytes. */
function liveHeap(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}
