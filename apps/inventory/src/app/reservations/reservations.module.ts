import { Module } from '@nestjs/common';
import { FulfilmentsModule } from '../fulfilments/fulfilments.module.js';
import { ReservationsController } from './reservations.controller.js';
import { ReservationsService } from './reservations.service.js';

@Module({
  imports: [FulfilmentsModule],
  controllers: [ReservationsController],
  providers: [ReservationsService],
})
export class ReservationsModule {}
