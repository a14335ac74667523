import { randomUUID } from 'node:crypto';

/** The header that carries the id of a request from service to service. */
export const requestIdHeader = 'x-request-id';

const sane = /^[A-Za-z0-9._-]{1,128}$/;

/**
 * The id of a request: the one its sender gave, where it is 1 to 128 letters, digits, dots, underscores or hyphens and
 * so safe to log and to send on; else a new UUID.
 *
 * @param inbound value of the `x-request-id` header
 */
export function requestId(inbound: string | readonly string[] | undefined): string {
  return typeof inbound === 'string' && sane.test(inbound) ? inbound : randomUUID();
}
