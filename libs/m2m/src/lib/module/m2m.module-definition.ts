import { ConfigurableModuleBuilder } from '@nestjs/common';
import type { M2mModuleOptions } from './m2m-module-options.js';

/** What can be said beside the options themselves, to `forRoot` and to `forRootAsync`. */
export interface M2mModuleExtras {
  /** Whether connections can be asked for in the whole app. Default true. */
  isGlobal?: boolean;
}

export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } =
  new ConfigurableModuleBuilder<M2mModuleOptions>({ moduleName: 'M2m' })
    .setClassMethodName('forRoot')
    .setFactoryMethodName('createM2mOptions')
    .setExtras<M2mModuleExtras>({ isGlobal: true }, (definition, { isGlobal }) => ({
      ...definition,
      global: isGlobal ?? true,
    }))
    .build();
