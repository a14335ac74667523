import type { INestApplication } from '@nestjs/common';
import { type AbstractHttpAdapter, NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { EnvironmentError } from '../environment/environment.error.js';
import type { EnvironmentParts } from '../environment/read-environment.js';
import { configure, type Env } from './create-service.js';
import type { Service } from './define-service.js';
import { ServiceModule } from './service.module.js';

/** Stands for a variable that a service requires and that is not set. Nobody can be reached there (RFC 2606 §2). */
export const placeholder = 'https://preview.invalid/';

/**
 * The application of a service in Nest's preview mode: its modules, controllers and decorators, and nothing that is
 * constructed. No provider exists, so that no connection is opened, no timer runs and nothing listens. For tools that
 * read what a service declares.
 *
 * It can be had where the service is not configured: a variable that is required and not set gets a placeholder.
 *
 * @param service what {@link defineService} answered
 * @param env variables by name. Default `process.env`
 * @throws {@link BootError} `contract_invalid`
 * @throws {@link EnvironmentError} `environment_invalid`, for variables that are set to something wrong
 *
 * @example
 * ```ts
 * const manifest = authManifest(await previewService(service));
 * ```
 */
export async function previewService<Parts extends EnvironmentParts>(
  service: Service<Parts>,
  env: Env = process.env,
): Promise<INestApplication> {
  const { config } = configure(service, withPlaceholders(service, env));
  const root = ServiceModule.of(service.module(config), () => Promise.resolve());
  const app = await NestFactory.create(root, await adapterOf(service), {
    preview: true,
    logger: false,
    abortOnError: false,
  });
  await service.configure?.(app, config);
  return app;
}

async function adapterOf({ adapter }: Pick<Service, 'adapter'>): Promise<AbstractHttpAdapter> {
  if (adapter !== 'express') return new FastifyAdapter();
  const { ExpressAdapter } = await import('@nestjs/platform-express');
  return new ExpressAdapter();
}

function withPlaceholders<Parts extends EnvironmentParts>(service: Service<Parts>, given: Env): Env {
  const env = given['PORT'] ? given : { ...given, PORT: '0' };
  try {
    configure(service, env);
    return env;
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    const unset = error.problems.map(({ variable }) => variable).filter((variable) => !env[variable]);
    return { ...env, ...Object.fromEntries(unset.map((variable) => [variable, placeholder])) };
  }
}
