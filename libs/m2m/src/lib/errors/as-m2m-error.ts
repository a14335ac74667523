import { M2mError } from './m2m-error.js';

/** An error of a token request as one of this library; of one that is none, only its name is told. */
export function asM2mError(error: unknown, audience: string): M2mError {
  if (error instanceof M2mError) return error;
  const name = error instanceof Error ? error.name : typeof error;
  return new M2mError(
    'token_response_invalid',
    `The request for a token for ${audience} failed in an unexpected way (${name}). Look at the authorization server's own log.`,
    { audience },
  );
}
