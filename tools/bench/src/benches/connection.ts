import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { LoopbackIssuer } from '@countersign/testing';
import { type Bench, type BenchResult } from '../bench.js';
import { onCore } from '../measure/cores.js';
import { ServerProcess } from '../measure/server-process.js';
import { estimate } from '../measure/statistics.js';
import { type CallerConfig, type CallTimes } from './connection-caller.js';
import { client } from './token-sources.js';

const title = 'A call through a connection, beside the same call on a bare HttpService';
const callsPerSecond = 300;
/** The engine compiles what a call runs through for the last time after some thousands of them. */
const warmUpCalls = 4_000;
const callerEntry = fileURLToPath(new URL('./connection-caller.js', import.meta.url));
const run = promisify(execFile);

/** What each kind of call takes in a process of its own. */
async function callerTimes(config: CallerConfig): Promise<CallTimes> {
  const [command, args] = onCore('load', process.execPath, [callerEntry]);
  const env = { ...process.env, NODE_ENV: 'production', BENCH_CONFIG: JSON.stringify(config) };
  const { stdout } = await run(command, args, { env, timeout: 60_000 });
  return JSON.parse(stdout) as CallTimes;
}

/** A call through an authenticated connection beside the same call, with an equal header, on a bare HttpService. */
export const connectionBench: Bench = {
  name: 'connection',
  title,
  quick: true,
  run: async (effort, progress): Promise<BenchResult> => {
    await using issuer = await LoopbackIssuer.start({
      apis: [{ audience: client.audience, scopes: [client.scope] }],
      clients: [{ clientId: client.clientId }],
    });
    await using server = await ServerProcess.start('servers/plain-server.js', {});
    const calls = Math.ceil(callsPerSecond * effort.seconds);
    const config: CallerConfig = {
      issuer: issuer.issuer,
      clientSecret: issuer.clientSecret(client.clientId),
      baseUrl: `http://127.0.0.1:${server.port}`,
      calls,
      warmUpCalls,
    };
    const rounds = effort.rounds * 2;
    const times: CallTimes[] = [];
    for (let round = 1; round <= rounds; round++) {
      progress(`process ${round} of ${rounds}`);
      times.push(await callerTimes(config));
    }
    const micros = (of: (time: CallTimes) => number): number => estimate(times.map(of)).median;
    return {
      name: 'connection',
      title,
      rows: [
        { label: 'bare HttpService, keep-alive', values: { 'µs/call': micros(({ bare }) => bare) } },
        {
          label: 'bare HttpService that follows no redirects',
          values: { 'µs/call': micros(({ bareWithoutRedirects }) => bareWithoutRedirects) },
        },
        { label: 'connection of @countersign/m2m', values: { 'µs/call': micros(({ ours }) => ours) } },
      ],
      figures: [
        {
          name: 'connection: call ÷ call on a bare HttpService',
          estimate: estimate(times.map(({ bare, ours }) => ours / bare)),
        },
        {
          name: 'connection: call ÷ call on one that follows no redirects',
          estimate: estimate(times.map(({ bareWithoutRedirects, ours }) => ours / bareWithoutRedirects)),
        },
      ],
      notes: [
        'Both send the same token: the bare HttpService as a fixed header, which it need not get or renew.',
        'A bare HttpService is ready to follow redirects unless told otherwise, and cancels each call after its answer; a connection does neither.',
        `${rounds} processes, each of which makes ${calls} calls of each kind, one after the other, in turn by the tenth part.`,
      ],
    };
  },
};
