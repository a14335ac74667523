/** What a token endpoint answered: a JSON object, where it was one. */
export interface TokenAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>> | undefined;
}

/** Reads an answer whose size is already bounded; what is no JSON object reads as none. */
export async function tokenAnswer(response: Response): Promise<TokenAnswer> {
  const { status, headers } = response;
  try {
    const body: unknown = await response.json();
    return { status, headers, body: isObject(body) ? body : undefined };
  } catch {
    return { status, headers, body: undefined };
  }
}

const isObject = (body: unknown): body is Record<string, unknown> =>
  typeof body === 'object' && body !== null;
