import { Inject, Module, type DynamicModule, type OnApplicationBootstrap, type Type } from '@nestjs/common';
import { HealthModule } from '../health/health.module.js';

const INITIALISED = Symbol('countersign.initialised');

/** The outermost module of a service: its hooks run after those of every other module. */
@Module({})
export class ServiceModule implements OnApplicationBootstrap {
  /** @param initialised what to do once every other module is initialised */
  static of(root: DynamicModule | Type, initialised: () => Promise<unknown>): DynamicModule {
    return {
      module: ServiceModule,
      imports: [HealthModule, root],
      providers: [{ provide: INITIALISED, useValue: initialised }],
    };
  }

  constructor(@Inject(INITIALISED) private readonly initialised: () => Promise<unknown>) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.initialised();
  }
}
