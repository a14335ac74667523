import { ServiceException } from '@countersign/bootstrap';
import { Inject, Injectable } from '@nestjs/common';
import { FulfilmentsService } from '../fulfilments/fulfilments.service.js';
import { ledgerRepository, type LedgerRepository } from '../ledger/ledger.repository.js';
import type { NewReservation, ReservationView } from './reservations.schema.js';

/** Reserves stock for orders and releases it. */
@Injectable()
export class ReservationsService {
  constructor(
    @Inject(ledgerRepository) private readonly ledger: LedgerRepository,
    private readonly fulfilments: FulfilmentsService,
  ) {}

  /**
   * Reserves stock for an order. The same request again has the same answer.
   *
   * @throws ServiceException 409 `insufficient_stock`, the order then waits for a restock; 409 `reservation_conflict`;
   * 409 `reservation_released`; 404 `sku_unknown`; 503 `inventory_full`
   */
  async reserve(request: NewReservation): Promise<ReservationView> {
    const { orderId, sku, quantity } = request;
    switch (await this.ledger.reserve({ orderId, sku, quantity })) {
      case 'reserved':
        return { orderId, sku, quantity, status: 'reserved' };
      case 'waiting':
        throw new ServiceException(
          409,
          'insufficient_stock',
          `There is too little of ${sku}; the order waits for more.`,
        );
      case 'conflict':
        throw new ServiceException(
          409,
          'reservation_conflict',
          'The order has a reservation with another content.',
        );
      case 'released':
        throw new ServiceException(
          409,
          'reservation_released',
          'The reservation of this order has been released.',
        );
      case 'sku_unknown':
        throw new ServiceException(404, 'sku_unknown', `There is no SKU ${sku}.`);
      case 'full':
        throw new ServiceException(503, 'inventory_full', 'There is no room for another reservation.');
    }
  }

  /**
   * Releases what an order reserved or waits for. Releasing it again, or what was never reserved, is fine.
   *
   * @throws ServiceException 409 `reservation_fulfilled`
   */
  async release(orderId: string): Promise<void> {
    if ((await this.ledger.release(orderId)) === 'fulfilled') {
      throw new ServiceException(409, 'reservation_fulfilled', 'What has been fulfilled cannot be released.');
    }
    this.fulfilments.report();
  }
}
