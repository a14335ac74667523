import { Module } from '@nestjs/common';
import { InventoryApi } from '@countersign/inventory-client';
import { M2mModule } from '@countersign/m2m';
import { InventoryClient } from '../inventory/inventory.client.js';
import { InMemoryOrdersRepository } from './in-memory-orders.repository.js';
import { OrdersController } from './orders.controller.js';
import { ordersRepository } from './orders.repository.js';
import { OrdersService } from './orders.service.js';
import { PendingReleases } from './pending-releases.js';

/** Orders, and the connection to inventory that they need. */
@Module({
  imports: [M2mModule.forFeature(['inventory'])],
  controllers: [OrdersController],
  providers: [
    OrdersService,
    PendingReleases,
    InventoryApi,
    InventoryClient,
    { provide: ordersRepository, useFactory: () => new InMemoryOrdersRepository() },
  ],
})
export class OrdersModule {}
