import { type DynamicModule, type Type, type INestApplication } from '@nestjs/common';
import { type ServerConfig } from './config.js';

/** One way to guard the same route. */
export interface Variant {
  /** As the tables name it. */
  readonly label: string;
  /** The root module. */
  readonly module: (config: ServerConfig) => Promise<Type | DynamicModule> | Type | DynamicModule;
  /** What has to be done to the app before it listens. */
  readonly configure?: (app: INestApplication, config: ServerConfig) => void;
}
