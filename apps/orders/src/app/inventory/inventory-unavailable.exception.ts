import { ServiceException } from '@countersign/bootstrap';

/** Inventory could not be asked, or did not answer what it promises: 503 `inventory_unavailable`. */
export class InventoryUnavailableException extends ServiceException {
  /**
   * @param mayHaveBeenDone whether inventory may have done what it was asked without our hearing of it
   * @param cause what went wrong; logged, never answered
   */
  constructor(
    readonly mayHaveBeenDone: boolean,
    cause: unknown,
  ) {
    super(503, 'inventory_unavailable', 'The inventory service cannot be reached. Try again later.', {
      cause,
    });
  }
}
