import { M2mError } from '@countersign/m2m';
import { isAxiosError } from 'axios';

/** How a call failed. */
export interface FailedCall {
  /** Status of the answer, where there was one. */
  readonly status?: number;
  /** Code in the body of the answer, where it has one. */
  readonly code?: string;
  /** Whether the callee may have done what it was asked. */
  readonly mayHaveBeenDone: boolean;
}

const neverSent = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EHOSTUNREACH', 'ENETUNREACH', 'EAI_AGAIN']);
const maybeSent = new Set(['deadline_exceeded', 'aborted', 'redirect_refused']);

/** Reads an error of an M2M connection: what the callee answered, and whether it was reached at all. */
export function failedCall(error: unknown): FailedCall {
  if (error instanceof M2mError) return { mayHaveBeenDone: maybeSent.has(error.code) };
  if (!isAxiosError<unknown>(error)) return { mayHaveBeenDone: true };
  const { response } = error;
  if (!response) return { mayHaveBeenDone: !neverSent.has(error.code ?? '') };
  const code = (response.data as { code?: unknown } | null | undefined)?.code;
  return {
    status: response.status,
    ...(typeof code === 'string' && { code }),
    // A refusal is an answer: only a fault of the callee, or of something before it, leaves the outcome open.
    mayHaveBeenDone: response.status >= 500 || response.status < 400,
  };
}
