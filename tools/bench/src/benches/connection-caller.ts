import 'reflect-metadata';
import { Agent } from 'node:http';
import { connectionToken, M2mModule, M2mTokens } from '@countersign/m2m';
import { HttpService } from '@nestjs/axios';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import axios from 'axios';
import { firstValueFrom } from 'rxjs';
import { estimate } from '../measure/statistics.js';
import { client } from './token-sources.js';

/** What a calling process needs to know; handed over as JSON in `BENCH_CONFIG`. */
export interface CallerConfig {
  readonly issuer: string;
  readonly clientSecret: string;
  readonly baseUrl: string;
  /** Calls of each kind that are measured. */
  readonly calls: number;
  /** Calls of each kind before that. */
  readonly warmUpCalls: number;
}

/** Microseconds of one call by each way to make it, in the median of the parts of a process. */
export interface CallTimes {
  readonly bare: number;
  /** As `bare`, and not ready to follow redirects: axios then speaks to Node's own client. */
  readonly bareWithoutRedirects: number;
  readonly ours: number;
}

const parts = 10;

@Module({})
class CallingModule {}

async function microsPerCall(http: HttpService, calls: number): Promise<number> {
  const began = performance.now();
  for (let call = 0; call < calls; call++) await firstValueFrom(http.get('/things'));
  return ((performance.now() - began) * 1000) / calls;
}

async function compare(
  callers: Readonly<Record<keyof CallTimes, HttpService>>,
  { calls, warmUpCalls }: CallerConfig,
): Promise<CallTimes> {
  const contenders = Object.values(callers).map((http) => ({ http, micros: [] as number[] }));
  for (const { http } of contenders) await microsPerCall(http, warmUpCalls);
  for (let part = 0; part < parts; part++) {
    for (const { http, micros } of contenders)
      micros.push(await microsPerCall(http, Math.ceil(calls / parts)));
    contenders.reverse();
  }
  const median = (wanted: HttpService): number =>
    estimate(contenders.find(({ http }) => http === wanted)?.micros ?? []).median;
  const { bare, bareWithoutRedirects, ours } = callers;
  return { bare: median(bare), bareWithoutRedirects: median(bareWithoutRedirects), ours: median(ours) };
}

const config = JSON.parse(process.env['BENCH_CONFIG'] ?? '') as CallerConfig;
const { issuer, clientSecret, baseUrl } = config;
const { clientId, audience, scope } = client;
const scopes = [scope];
const app = await NestFactory.createApplicationContext(
  {
    module: CallingModule,
    imports: [
      M2mModule.forRoot({
        issuer,
        clientId,
        clientSecret,
        connections: { things: { baseUrl, audience, scopes } },
      }),
      M2mModule.forFeature(['things']),
    ],
  },
  { logger: false },
);
const { authorization } = await app.get(M2mTokens).getToken({ audience, scopes });
const httpAgent = new Agent({ keepAlive: true });
const headers = { Authorization: authorization };
const options = { baseURL: baseUrl, timeout: 10_000, httpAgent, headers };
const times = await compare(
  {
    bare: new HttpService(axios.create(options)),
    bareWithoutRedirects: new HttpService(axios.create({ ...options, maxRedirects: 0 })),
    ours: app.get<HttpService>(connectionToken('things'), { strict: false }),
  },
  config,
);
console.log(JSON.stringify(times));
httpAgent.destroy();
await app.close();
