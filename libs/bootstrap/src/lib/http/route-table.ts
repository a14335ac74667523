/** One route of a service. */
export interface Route {
  readonly method: string;
  /** Path with `:name` for its parameters. */
  readonly path: string;
}

/** The routes of a service, to answer which methods a path has. */
export class RouteTable {
  readonly #routes: readonly { readonly method: string; readonly segments: readonly string[] }[];

  constructor(routes: Iterable<Route>) {
    this.#routes = [...routes].map(({ method, path }) => ({ method, segments: segmentsOf(path) }));
  }

  /**
   * The methods that the path of a URL answers, sorted; none where no route has the path.
   *
   * @param url path with or without a query
   */
  methodsAt(url: string): string[] {
    const asked = segmentsOf(url);
    const methods = this.#routes
      .filter(({ segments }) => matches(segments, asked))
      .map(({ method }) => method);
    return [...new Set(methods)].sort();
  }
}

const segmentsOf = (url: string): string[] => (url.split(/[?#]/, 1)[0] ?? '').split('/').slice(1);

function matches(pattern: readonly string[], asked: readonly string[]): boolean {
  if (pattern.some((segment) => segment.includes('*'))) return false;
  return (
    pattern.length === asked.length &&
    pattern.every((segment, index) =>
      segment.startsWith(':') ? asked[index] !== '' : segment === asked[index],
    )
  );
}
