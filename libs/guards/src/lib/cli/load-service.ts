import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { INestApplication, NestApplicationOptions } from '@nestjs/common';
import { CliError } from './cli.error.js';

/** What a built service can be asked for without listening. */
export interface LoadedService {
  /** Its application in Nest's preview mode: nothing is constructed. */
  preview(): Promise<INestApplication>;
  /** Its application with everything constructed and nothing initialised. */
  build(): Promise<INestApplication>;
}

type Create = (options: NestApplicationOptions) => Promise<INestApplication>;

interface ServiceModule {
  readonly service?: object;
  readonly createApp?: Create;
}

interface Bootstrap {
  readonly previewService: (service: object) => Promise<INestApplication>;
  readonly createService: (service: object) => Promise<INestApplication>;
}

const OPTIONS = { logger: false, abortOnError: false } as const;

/**
 * Loads the module of a service: one that exports `service`, made by `defineService` of `@countersign/bootstrap`, or
 * `createApp(options)`, which answers `NestFactory.create(AppModule, options)`.
 *
 * @param file the built module, such as `apps/orders/dist/service.js`
 * @throws CliError where it cannot be loaded or exports neither
 */
export async function loadService(file: string): Promise<LoadedService> {
  const path = resolve(file);
  const { service, createApp } = (await load(path)) as ServiceModule;
  if (typeof createApp === 'function') {
    return {
      preview: () => attempt(path, () => createApp({ ...OPTIONS, preview: true })),
      build: () => attempt(path, () => createApp(OPTIONS)),
    };
  }
  if (typeof service !== 'object' || service === null) {
    throw new CliError(`${path} exports neither \`service\` nor \`createApp\`.`, [
      'Export what `defineService` of @countersign/bootstrap answered, as `service`.',
      'Or export `createApp = (options) => NestFactory.create(AppModule, options)`.',
    ]);
  }
  const bootstrap = await loadBootstrap(path);
  return {
    preview: () => attempt(path, () => bootstrap.previewService(service)),
    build: () => attempt(path, () => bootstrap.createService(service)),
  };
}

async function load(path: string): Promise<object> {
  try {
    return (await import(/* @vite-ignore */ pathToFileURL(path).href)) as object;
  } catch (cause) {
    throw new CliError(`${path} cannot be loaded: ${textOf(cause)}`, ['Build the service first.'], { cause });
  }
}

/** The bootstrap that the service itself uses, wherever this command is installed. */
async function loadBootstrap(path: string): Promise<Bootstrap> {
  return (await load(createRequire(path).resolve('@countersign/bootstrap'))) as Bootstrap;
}

async function attempt<T>(path: string, create: () => Promise<T>): Promise<T> {
  try {
    return await create();
  } catch (cause) {
    throw new CliError(`${path} cannot be read: ${textOf(cause)}`, [], { cause });
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : 'a value was thrown that is no error';
}
