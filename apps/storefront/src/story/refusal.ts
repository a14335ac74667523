import { isAxiosError } from 'axios';

/** How a service refused a call: its status, the body's code and the challenge header. */
export interface Refusal {
  status: number;
  code: string;
  challenge: string;
}

const none: Refusal = { status: 200, code: 'none', challenge: '' };

const codeOf = (body: unknown): string => {
  const code = (body as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : 'unknown';
};

/** Makes a call that is expected to be refused, and tells how it was. */
export async function refusalOf(call: Promise<unknown>): Promise<Refusal> {
  try {
    await call;
    return none;
  } catch (error) {
    const response = isAxiosError<unknown>(error) ? error.response : undefined;
    if (!response) throw error;
    return {
      status: response.status,
      code: codeOf(response.data),
      challenge: String(response.headers['www-authenticate'] ?? ''),
    };
  }
}

/** Sends a request with a token that was minted for somebody else, and tells how it was refused. */
export async function refusalOfStrayToken(url: string, token: string): Promise<Refusal> {
  const response = await fetch(url, {
    headers: { authorization: `Bearer ${token}` },
    redirect: 'manual',
    signal: AbortSignal.timeout(5_000),
  });
  return {
    status: response.status,
    code: codeOf(await response.json()),
    challenge: response.headers.get('www-authenticate') ?? '',
  };
}
