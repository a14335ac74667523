import { M2mError } from '../errors/m2m-error.js';
import type { Connection } from './connection.js';

/**
 * The URL of a call, as it will be sent, if it is below the connection's base URL.
 *
 * @param text the final URL, with base URL and parameters
 * @throws M2mError `origin_mismatch`
 */
export function pinnedUrl(text: string, { name, base, request: { audience } }: Connection): URL {
  const url = parsed(text);
  if (url && url.origin === base.origin && url.username === '' && url.password === '' && below(url, base))
    return url;
  const target = url === undefined ? 'no absolute URL' : `${url.origin}${url.pathname}`;
  throw new M2mError(
    'origin_mismatch',
    `A call to ${name} was not sent: ${target} is not below ${base.origin}${base.pathname}. Use a connection of its own for another API.`,
    { audience },
  );
}

function parsed(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

function below({ pathname }: URL, base: URL): boolean {
  const folder = base.pathname.endsWith('/') ? base.pathname : `${base.pathname}/`;
  if (pathname !== base.pathname && !pathname.startsWith(folder)) return false;
  return (
    folder === '/' ||
    !/(^|[/\\])\.\.($|[/\\;])/.test(
      pathname.replace(/%2f/gi, '/').replace(/%5c/gi, '\\').replace(/%2e/gi, '.'),
    )
  );
}
