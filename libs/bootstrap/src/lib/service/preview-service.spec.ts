import { Controller, Get, Injectable, Module, type DynamicModule, type OnModuleInit } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { EnvironmentError } from '../environment/environment.error.js';
import { defineService } from './define-service.js';
import { previewService } from './preview-service.js';

let made = 0;

@Injectable()
class Connection implements OnModuleInit {
  constructor() {
    made++;
  }
  onModuleInit() {
    made++;
  }
}

@Controller('orders')
class OrdersController {
  @Get()
  list() {}
}

@Module({})
class AppModule {
  static with(options: object): DynamicModule {
    return {
      module: AppModule,
      controllers: [OrdersController],
      providers: [
        Connection,
        { provide: 'options', useValue: options },
        { provide: 'pool', useFactory: () => made++ },
      ],
    };
  }
}

const database = z
  .object({ DATABASE_URL: z.url(), POOL: z.coerce.number().default(5) })
  .transform(({ DATABASE_URL, POOL }) => ({ url: DATABASE_URL, pool: POOL }));

const service = (adapter: 'fastify' | 'express') =>
  defineService({
    name: 'shop',
    adapter,
    environment: () => ({ database }),
    module: ({ database: options }) => AppModule.with(options),
    configure: (app) => void app.setGlobalPrefix('api'),
  });

describe.each(['fastify', 'express'] as const)('previewService on %s', (adapter) => {
  it('shows modules and controllers of a service that is not configured, and constructs nothing', async () => {
    const app = await previewService(service(adapter), {});
    const modules = [...app.get(ModulesContainer, { strict: false }).values()];
    const own = modules.find(({ metatype }) => metatype === AppModule);
    expect([...(own?.controllers.keys() ?? [])]).toEqual([OrdersController]);
    expect(own?.providers.get('options')?.instance).toEqual({ url: 'https://preview.invalid/', pool: 5 });
    expect(made).toBe(0);
    await app.close();
  });

  it('takes the variables that are set', async () => {
    const env = { DATABASE_URL: 'postgres://localhost/shop', POOL: '7' };
    const app = await previewService(service(adapter), env);
    const modules = [...app.get(ModulesContainer, { strict: false }).values()];
    const own = modules.find(({ metatype }) => metatype === AppModule);
    expect(own?.providers.get('options')?.instance).toEqual({ url: env.DATABASE_URL, pool: 7 });
    await app.close();
  });

  it('names a variable that is set to something wrong', async () => {
    await expect(previewService(service(adapter), { POOL: 'many' })).rejects.toThrow(EnvironmentError);
  });
});
