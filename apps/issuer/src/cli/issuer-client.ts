import { existsSync, readFileSync } from 'node:fs';
import { secretFile, type IssuerEnvironment } from '../configuration/issuer.environment.js';
import { managementAudience } from '../contracts/management-scopes.js';
import { readSecretFile } from '../secrets/secret-file.js';
import { caFile } from '../tls/self-signed.js';
import { CliError } from './cli.error.js';
import { httpJson, type JsonAnswer } from './http-json.js';

/** What a token request names. */
export interface TokenQuestion {
  readonly client: string;
  readonly audience: string;
  readonly scope?: string | undefined;
  readonly organization?: string | undefined;
}

/** Speaks with the running issuer, with the secrets that its data folder holds. */
export class IssuerClient {
  #token: string | undefined;

  constructor(readonly options: IssuerEnvironment) {}

  /** The CA of a self-signed issuer, where it has made one. */
  get ca(): string | undefined {
    const file = caFile(this.options.dataDir);
    return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  }

  /** Asks for a path below the issuer's URL, as nobody. */
  get(path: string): Promise<JsonAnswer> {
    return httpJson({ method: 'GET', url: `${this.options.issuer}${path}`, ca: this.ca });
  }

  /**
   * Asks for a token with the client's own secret.
   *
   * @throws {@link CliError}
   */
  async token(question: TokenQuestion): Promise<Record<string, unknown> & { access_token: string }> {
    const { client, ...parameters } = question;
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: client,
      client_secret: this.#secret(client),
    });
    for (const [name, value] of Object.entries(parameters)) if (value !== undefined) form.set(name, value);
    const answer = await httpJson({
      method: 'POST',
      url: `${this.options.issuer}oauth/token`,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: form.toString(),
      ca: this.ca,
    });
    const body = answer.body as Record<string, unknown> | undefined;
    if (answer.status === 200 && typeof body?.['access_token'] === 'string')
      return { ...body, access_token: body['access_token'] };
    const { error, error_description } = body ?? {};
    throw new CliError(
      'refused',
      `The issuer refused the token: ${String(error)}: ${String(error_description)}`,
    );
  }

  /**
   * Calls the management API as its own client.
   *
   * @throws {@link CliError}
   */
  async manage(method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, body?: object): Promise<unknown> {
    const audience = managementAudience(this.options.issuer);
    const { clientId } = this.options.management;
    this.#token ??= (await this.token({ client: clientId, audience })).access_token;
    const answer = await httpJson({
      method,
      url: `${this.options.issuer}${path}`,
      headers: {
        authorization: `Bearer ${this.#token}`,
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
      ca: this.ca,
    });
    if (answer.status < 400) return answer.body;
    const { message, errorCode } = (answer.body ?? {}) as { message?: string; errorCode?: string };
    throw new CliError('refused', `The issuer refused: ${errorCode}: ${message}`);
  }

  /**
   * All items of a list of the management API, page by page.
   *
   * @param name of the list's member, such as `client_grants`
   */
  async all(path: string, name: string): Promise<Record<string, unknown>[]> {
    const items: Record<string, unknown>[] = [];
    for (let page = 0; ; page++) {
      const separator = path.includes('?') ? '&' : '?';
      const query = `${separator}include_totals=true&per_page=100&page=${page}`;
      const answer = (await this.manage('GET', `${path}${query}`)) as Record<string, unknown>;
      const part = answer[name] as Record<string, unknown>[];
      items.push(...part);
      if (part.length === 0 || items.length >= Number(answer['total'])) return items;
    }
  }

  #secret(client: string): string {
    const { management, dataDir } = this.options;
    const given = client === management.clientId ? management.clientSecret : undefined;
    if (!/^[\w.-]{1,200}$/.test(client)) throw new CliError('usage', 'The client must be a client id.');
    const file = secretFile(dataDir, client);
    const secret = given ?? readSecretFile(file);
    if (secret !== undefined) return secret;
    const message = `${file} holds no secret. Start the issuer on this data folder, or set ISSUER_DATA_DIR to its own.`;
    throw new CliError('secret_missing', message);
  }
}
