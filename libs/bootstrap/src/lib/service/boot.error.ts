/** Why a service does not start, in words for whoever starts it. */
export class BootError extends Error {
  override readonly name = 'BootError';

  /**
   * @param code `contract_invalid`, `port_taken`, `address_unusable` or `openapi_disabled`
   * @param message what is wrong and what to do; several lines are fine
   */
  constructor(
    readonly code: 'contract_invalid' | 'port_taken' | 'address_unusable' | 'openapi_disabled',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
