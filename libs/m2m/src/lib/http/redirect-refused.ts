import { M2mError } from '../errors/m2m-error.js';
import type { Connection } from './connection.js';

const redirects = new Set([301, 302, 303, 307, 308]);

/** The error for an answer that leads elsewhere, where a token must not follow; none for any other answer. */
export const redirectRefused = (
  status: number,
  { name, request: { audience } }: Connection,
): M2mError | undefined =>
  redirects.has(status)
    ? new M2mError(
        'redirect_refused',
        `${name} answered with a redirect (${status}), which is not followed with a token. Correct the base URL of the connection.`,
        { audience },
      )
    : undefined;
