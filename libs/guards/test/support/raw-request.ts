import { connect } from 'node:net';

export interface RawAnswer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: unknown;
}

/** Sends header lines exactly as they are given, as no HTTP client would, and reads the answer. */
export async function rawRequest(
  url: string,
  path: string,
  headerLines: readonly string[],
): Promise<RawAnswer> {
  const { hostname, port, host } = new URL(url);
  const request = [`GET ${path} HTTP/1.1`, `Host: ${host}`, 'Connection: close', ...headerLines, '', ''].join(
    '\r\n',
  );
  const text = await new Promise<string>((resolve, reject) => {
    let received = '';
    const socket = connect(Number(port), hostname, () => socket.write(request));
    socket.setEncoding('utf8').setTimeout(5_000, () => socket.destroy(new Error('no answer')));
    socket
      .on('data', (chunk: string) => (received += chunk))
      .on('error', reject)
      .on('close', () => resolve(received));
  });
  const [head = '', body = ''] = text.split('\r\n\r\n', 2);
  const [statusLine = '', ...lines] = head.split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 2)]),
  );
  return {
    status: Number(statusLine.split(' ')[1]),
    headers,
    body: body === '' ? undefined : JSON.parse(body),
  };
}
