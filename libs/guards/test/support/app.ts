import type { INestApplication, Type, DynamicModule } from '@nestjs/common';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { NestFactory } from '@nestjs/core';
import { AuthModule, type AuthModuleOptions } from '../../src/index.js';

export type Adapter = 'fastify' | 'express';
export const ADAPTERS: readonly Adapter[] = ['fastify', 'express'];

export interface RunningApp {
  readonly app: INestApplication;
  readonly url: string;
  readonly get: (path: string, headers?: Record<string, string>) => Promise<Response>;
  close(): Promise<void>;
}

/** A module with the given controllers under `AuthModule`, on a port of its own. */
export async function startApp(
  adapter: Adapter,
  options: AuthModuleOptions,
  controllers: Type[],
  providers: Type[] = [],
): Promise<RunningApp> {
  const app = await createApp(adapter, appModule(options, controllers, providers));
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();
  return {
    app,
    url,
    get: (path, headers) => fetch(new URL(path, url), { headers: headers ?? {} }),
    close: () => app.close(),
  };
}

/** The same module, created but not started. */
export async function createApp(adapter: Adapter, module: DynamicModule): Promise<INestApplication> {
  const http = adapter === 'fastify' ? new FastifyAdapter() : new ExpressAdapter();
  return NestFactory.create(module, http, { logger: false, abortOnError: false });
}

export function appModule(
  options: AuthModuleOptions,
  controllers: Type[],
  providers: Type[] = [],
): DynamicModule {
  class AppModule {}
  return { module: AppModule, imports: [AuthModule.forRoot(options)], controllers, providers };
}

export function bearer(token: string): Record<string, string> {
  return { authorization: `Bearer ${token}` };
}
