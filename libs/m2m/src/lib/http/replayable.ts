/** Whether a body can be sent twice: nothing, text and bytes can; a stream is empty the second time. */
export const isReplayable = (body: unknown): boolean =>
  body === undefined ||
  body === null ||
  typeof body === 'string' ||
  ArrayBuffer.isView(body) ||
  body instanceof ArrayBuffer;
