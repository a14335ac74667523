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

/** Microseconds of one call, in the median of the parts of a process. */
export interface CallTimes {
  readonly bare: number;
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

async function compare(bare: HttpService, ours: HttpService, config: CallerConfig): Promise<CallTimes> {
  const { warmUpCalls } = config;
  for (const http of [bare, ours]) await microsPerCall(http, warmUpCalls);
  const calls = Math.ceil(config.calls / parts);
  const micros = new Map<HttpService, number[]>([
    [bare, []],
    [ours, []],
  ]);
  for (let part = 0; part < parts; part++)
    for (const http of part % 2 === 0 ? [bare, ours] : [ours, bare])
      micros.get(http)?.push(await microsPerCall(http, calls));
  const median = (http: HttpService): number => estimate(micros.get(http) ?? []).median;
  return { bare: median(bare), ours: median(ours) };
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
const bare = new HttpService(axios.create({ baseURL: baseUrl, timeout: 10_000, httpAgent, headers }));
const ours = app.get<HttpService>(connectionToken('things'), { strict: false });
console.log(JSON.stringify(await compare(bare, ours, config)));
httpAgent.destroy();
await app.close();
