import { M2mModule } from '@countersign/m2m';
import { Module } from '@nestjs/common';
import { OrdersClient } from '../orders/orders.client.js';
import { FulfilmentsService } from './fulfilments.service.js';

/** Reports to orders, and the connection that needs. */
@Module({
  imports: [M2mModule.forFeature(['orders'])],
  providers: [OrdersClient, FulfilmentsService],
  exports: [FulfilmentsService],
})
export class FulfilmentsModule {}
