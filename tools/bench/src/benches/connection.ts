import 'reflect-metadata';
import { connectionToken, M2mModule } from '@countersign/m2m';
import { LoopbackIssuer } from '@countersign/testing';
import { HttpService } from '@nestjs/axios';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import axios from 'axios';
import { Agent } from 'node:http';
import { firstValueFrom } from 'rxjs';
import { type Bench, type BenchResult } from '../bench.js';
import { ServerProcess } from '../measure/server-process.js';
import { estimate } from '../measure/statistics.js';
import { client } from './token-sources.js';

@Module({})
class CallingModule {}

const callsPerSecond = 300;

async function microsPerCall(http: HttpService, calls: number): Promise<number> {
  const began = performance.now();
  for (let call = 0; call < calls; call++) await firstValueFrom(http.get('/things'));
  return ((performance.now() - began) * 1000) / calls;
}

/** A call through an authenticated connection beside the same call on a bare HttpService. */
export const connectionBench: Bench = {
  name: 'connection',
  title: 'A call through a connection, beside the same call without a token',
  quick: true,
  run: async (effort, progress): Promise<BenchResult> => {
    await using issuer = await LoopbackIssuer.start({
      apis: [{ audience: client.audience, scopes: [client.scope] }],
      clients: [{ clientId: client.clientId }],
    });
    await using server = await ServerProcess.start('servers/plain-server.js', {});
    const baseUrl = `http://127.0.0.1:${server.port}`;
    const app = await NestFactory.createApplicationContext(
      {
        module: CallingModule,
        imports: [
          M2mModule.forRoot({
            issuer: issuer.issuer,
            clientId: client.clientId,
            clientSecret: issuer.clientSecret(client.clientId),
            connections: { things: { baseUrl, audience: client.audience, scopes: [client.scope] } },
          }),
          M2mModule.forFeature(['things']),
        ],
      },
      { logger: false },
    );
    const httpAgent = new Agent({ keepAlive: true });
    try {
      const connection = app.get<HttpService>(connectionToken('things'), { strict: false });
      const bare = new HttpService(axios.create({ baseURL: baseUrl, httpAgent, timeout: 10_000 }));
      const bareMicros: number[] = [];
      const ourMicros: number[] = [];
      const calls = Math.ceil(callsPerSecond * effort.seconds);
      const rounds = effort.rounds * 4;
      await microsPerCall(bare, calls);
      await microsPerCall(connection, calls);
      for (let round = 0; round < rounds; round++) {
        progress(`round ${round + 1} of ${rounds}`);
        const [first, second] = round % 2 === 0 ? [bare, connection] : [connection, bare];
        const times = [await microsPerCall(first, calls), await microsPerCall(second, calls)] as const;
        bareMicros.push(times[round % 2 === 0 ? 0 : 1]);
        ourMicros.push(times[round % 2 === 0 ? 1 : 0]);
      }
      const ratios = ourMicros.map((micros, round) => micros / (bareMicros[round] ?? Number.NaN));
      return {
        name: 'connection',
        title: 'A call through a connection, beside the same call without a token',
        rows: [
          { label: 'bare HttpService, keep-alive', values: { 'µs/call': estimate(bareMicros).median } },
          { label: 'connection of @countersign/m2m', values: { 'µs/call': estimate(ourMicros).median } },
        ],
        figures: [{ name: 'connection: call ÷ call on a bare HttpService', estimate: estimate(ratios) }],
        notes: [`${calls} calls a round, one after the other, the order changing from round to round.`],
      };
    } finally {
      httpAgent.destroy();
      await app.close();
    }
  },
};
