import { type DynamicModule, Module } from '@nestjs/common';
import { InventoryApi } from '@countersign/inventory-client';
import { M2mModule, type M2mModuleOptions } from '@countersign/m2m';
import { OrdersApi } from '@countersign/orders-client';
import { Story } from './story/story.js';

/** The storefront: a pure client, with a connection to each service that its contract names. */
@Module({})
export class StorefrontModule {
  /** @param m2m where tokens come from and whom this client calls */
  static register(m2m: M2mModuleOptions): DynamicModule {
    return {
      module: StorefrontModule,
      imports: [M2mModule.forRoot(m2m), M2mModule.forFeature(['orders', 'inventory'])],
      providers: [OrdersApi, InventoryApi, Story],
    };
  }
}
