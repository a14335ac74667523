import 'reflect-metadata';
import { AuthModule, RequireScopes } from '@countersign/guards';
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { runAuthConformance } from '../src/conformance.js';

const audience = 'https://things.example';

@Controller('things')
class ThingsController {
  @Get()
  @RequireScopes('read:things', 'list:things')
  list(): string[] {
    return ['one'];
  }
}

@Module({})
class ThingsModule {}

const variations = [
  { adapter: 'Fastify', dialect: 'auth0', algorithms: ['RS256', 'PS256', 'ES256', 'EdDSA'] },
  { adapter: 'Express', dialect: 'rfc9068', algorithms: ['RS256'] },
] as const;

for (const { adapter, dialect, algorithms } of variations)
  runAuthConformance({
    name: `AuthModule on ${adapter}, ${dialect}`,
    start: async (issuer) => {
      const app = await NestFactory.create(
        {
          module: ThingsModule,
          imports: [
            AuthModule.forRoot({ issuers: [{ issuer: issuer.issuer, dialect, algorithms }], audience }),
          ],
          controllers: [ThingsController],
        },
        adapter === 'Fastify' ? new FastifyAdapter() : new ExpressAdapter(),
        { logger: false },
      );
      await app.listen(0, '127.0.0.1');
      return { baseUrl: await app.getUrl(), close: () => app.close() };
    },
    request: { method: 'GET', path: '/things' },
    audience,
    scopes: ['read:things', 'list:things'],
    dialect,
    algorithms,
  });
