const maxCauses = 5;
const maxMessage = 300;

/**
 * Why something failed that the service expects to fail now and then: the messages of an error's causes, from the
 * nearest to the farthest, each once. No stacks, so that an outage does not fill the log.
 *
 * @returns nothing where the error has no cause
 */
export function causesOf(error: Error): string | undefined {
  const messages: string[] = [];
  for (let cause = error.cause; cause instanceof Error && messages.length < maxCauses; cause = cause.cause) {
    const { message, code } = cause as { message: string; code?: unknown };
    const text = (
      typeof code === 'string' && !message.includes(code) ? `${message} (${code})` : message
    ).slice(0, maxMessage);
    if (text !== '' && text !== messages.at(-1)) messages.push(text);
  }
  return messages.length === 0 ? undefined : messages.join(': ');
}
