import type { CalleeName } from '@countersign/contract';
import { Inject } from '@nestjs/common';

/** The provider token of the message client of a callee; its value is a `ClientProxy`, or a `ClientGrpc` over gRPC. */
export const messagesToken = (callee: string): string => `M2M_MESSAGES_${callee}`;

/**
 * Injects the authenticated message client of a callee that `M2mMessagesModule.register` names.
 *
 * @param callee the service to call; only names that the registered contract calls compile
 * @example
 * ```ts
 * constructor(@InjectM2mMessages('inventory') private readonly inventory: ClientProxy) {}
 * ```
 */
export const InjectM2mMessages = (callee: CalleeName): ParameterDecorator & PropertyDecorator =>
  Inject(messagesToken(callee));
