import type { CalleeName } from '@countersign/contract';
import { Inject } from '@nestjs/common';

/** The provider token of the connection to a callee; its value is an authenticated `HttpService`. */
export const connectionToken = (callee: string): string => `M2M_CONNECTION_${callee}`;

/**
 * Injects the authenticated `HttpService` of a connection that `M2mModule.forFeature` names.
 *
 * @param callee the service to call; only names that the registered contract calls compile
 * @example
 * ```ts
 * constructor(@InjectM2m('inventory') private readonly inventory: HttpService) {}
 * ```
 */
export const InjectM2m = (callee: CalleeName): ParameterDecorator & PropertyDecorator =>
  Inject(connectionToken(callee));
