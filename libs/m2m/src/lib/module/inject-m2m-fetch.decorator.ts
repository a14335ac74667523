import type { CalleeName } from '@countersign/contract';
import { Inject } from '@nestjs/common';

/** The provider token of the `fetch` of the connection to a callee; its value is an `M2mFetch`. */
export const fetchToken = (callee: string): string => `M2M_FETCH_${callee}`;

/**
 * Injects the authenticated `fetch` of a connection that `M2mModule.forFeature` names.
 *
 * @param callee the service to call; only names that the registered contract calls compile
 * @example
 * ```ts
 * constructor(@InjectM2mFetch('inventory') private readonly inventory: M2mFetch) {}
 * ```
 */
export const InjectM2mFetch = (callee: CalleeName): ParameterDecorator & PropertyDecorator =>
  Inject(fetchToken(callee));
