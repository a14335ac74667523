/** Why the store cannot be opened. */
export class StoreError extends Error {
  override readonly name = 'StoreError';

  /** @param code `data_dir_in_use`, `data_dir_unusable` or `database_unreachable` */
  constructor(
    readonly code: 'data_dir_in_use' | 'data_dir_unusable' | 'database_unreachable',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
