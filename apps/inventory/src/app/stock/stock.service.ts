import { ServiceException } from '@countersign/bootstrap';
import { Inject, Injectable } from '@nestjs/common';
import { FulfilmentsService } from '../fulfilments/fulfilments.service.js';
import { ledgerRepository, type LedgerRepository } from '../ledger/ledger.repository.js';
import type { Stock } from '../ledger/reservation.js';

/** Reads and sets stock. */
@Injectable()
export class StockService {
  constructor(
    @Inject(ledgerRepository) private readonly ledger: LedgerRepository,
    private readonly fulfilments: FulfilmentsService,
  ) {}

  /** @throws ServiceException 404 `sku_unknown` */
  async find(sku: string): Promise<Stock> {
    const stock = await this.ledger.stockOf(sku);
    if (!stock) throw new ServiceException(404, 'sku_unknown', `There is no SKU ${sku}.`);
    return stock;
  }

  /**
   * Sets how much of a SKU is free, allocates it to the orders that wait for it and begins to report those. It does not
   * wait for the reports: the stock is set whether or not orders can be reached.
   *
   * @returns the stock that is left
   * @throws ServiceException 503 `inventory_full`
   */
  async restock(sku: string, quantity: number): Promise<Stock> {
    const stock = await this.ledger.restock(sku, quantity);
    if (!stock) throw new ServiceException(503, 'inventory_full', 'There is no room for another SKU.');
    this.fulfilments.report();
    return stock;
  }
}
