import type { INestApplication } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import type { AuthModuleOptions } from './auth-module-options.js';
import { MODULE_OPTIONS_TOKEN } from './auth.module-definition.js';
import { AuthModule } from './auth.module.js';

/**
 * The options of the `AuthModule` of an app, where they were given to `forRoot`; `undefined` where a factory has to
 * make them.
 */
export function ownOptions(app: INestApplication): AuthModuleOptions | undefined {
  for (const module of app.get(ModulesContainer, { strict: false }).values()) {
    if (module.metatype !== AuthModule) continue;
    const { instance, inject } = module.providers.get(MODULE_OPTIONS_TOKEN) ?? {};
    if (inject === undefined || inject === null) return instance as AuthModuleOptions | undefined;
  }
  return undefined;
}
