/** What the guards read of an HTTP request. Fastify's and Express's requests both have it. */
export interface HttpRequest {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly url: string;
  readonly query?: unknown;
  readonly body?: unknown;
  /** Node's own request under Fastify's. */
  readonly raw?: { readonly rawHeaders?: readonly string[] };
  /** Node's header list as received, on Express's request itself. */
  readonly rawHeaders?: readonly string[];
  /** Where Passport, and whoever follows it, looks for who is calling. */
  user?: unknown;
}

/** What the guards write of an HTTP response. Fastify's reply and Express's response both have it. */
export interface HttpResponse {
  header(name: string, value: string): unknown;
}
