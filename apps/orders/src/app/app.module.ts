import { Module, type DynamicModule } from '@nestjs/common';
import { AuthModule, type AuthModuleOptions } from '@countersign/guards';
import { M2mModule, type M2mModuleOptions } from '@countersign/m2m';
import { OrdersModule } from './orders/orders.module.js';

/** What the service needs to know of its surroundings. */
export interface AppOptions {
  /** Whose tokens it accepts. */
  readonly auth: AuthModuleOptions;
  /** Where its own tokens come from, and whom it calls. */
  readonly m2m: M2mModuleOptions;
}

/** The whole of the service: guards on every route, tokens for every call, and the orders. */
@Module({})
export class AppModule {
  static forRoot({ auth, m2m }: AppOptions): DynamicModule {
    return { module: AppModule, imports: [AuthModule.forRoot(auth), M2mModule.forRoot(m2m), OrdersModule] };
  }
}
