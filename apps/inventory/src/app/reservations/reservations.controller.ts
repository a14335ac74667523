import { RequireScopes } from '@countersign/guards';
import { Body, Controller, Delete, HttpCode, Param, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  newReservationSchema,
  orderIdSchema,
  reservationSchema,
  type NewReservation,
  type ReservationView,
} from './reservations.schema.js';
import { ReservationsService } from './reservations.service.js';

@ApiTags('reservations')
@Controller('reservations')
@RequireScopes('write:reservations')
export class ReservationsController {
  constructor(private readonly reservations: ReservationsService) {}

  @Post()
  @ApiOperation({ summary: 'Reserve stock for an order' })
  @ApiCreatedResponse({ standardSchema: reservationSchema })
  reserve(@Body({ schema: newReservationSchema }) reservation: NewReservation): Promise<ReservationView> {
    return this.reservations.reserve(reservation);
  }

  @Delete(':orderId')
  @HttpCode(204)
  @ApiOperation({ summary: 'Release what an order reserved or waits for' })
  @ApiNoContentResponse()
  release(@Param('orderId', { schema: orderIdSchema }) orderId: string): Promise<void> {
    return this.reservations.release(orderId);
  }
}
