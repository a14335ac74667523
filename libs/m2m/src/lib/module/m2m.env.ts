import type { Contract } from '@countersign/contract';
import { z } from 'zod';
import { type ProviderName, presets } from '../presets/preset.js';
import { isInsecure } from '../engine/insecure-url.js';
import { keyRingProblems } from '../store/key-ring.js';
import type { Callees, ConnectionOptions, M2mModuleOptions } from './m2m-module-options.js';
import { isRedisUrl, urlProblem } from './url-problem.js';

const localIssuer = 'http://localhost:4100/';
const providerNames = Object.keys(presets) as [ProviderName, ...ProviderName[]];

/** What an app adds to the environment of its connections. */
export interface M2mEnvOptions {
  /** The base URL of a callee where its variable is not set, by its name; not in production. Default none. */
  readonly defaultUrls?: Readonly<Record<string, string>>;
}

/**
 * The environment of outgoing tokens as a Standard Schema that turns straight into the options of `M2mModule`.
 *
 * | name | meaning |
 * |---|---|
 * | `AUTH_ISSUER` | exact issuer, trailing slash included; default `http://localhost:4100/` unless `NODE_ENV` is `production` |
 * | `AUTH_PROVIDER` | `auth0` (default), `rfc9068`, `keycloak`, `okta`, `entra`, `cognito`, `hydra` |
 * | `M2M_TOKEN_URL` | the token endpoint; default: discovery at the issuer |
 * | `M2M_CLIENT_ID` | the client id; default: the service's name unless `NODE_ENV` is `production` |
 * | `M2M_CLIENT_SECRET`, `M2M_CLIENT_SECRET_FILE` | the secret, or a file that is read again for each token |
 * | `M2M_CLIENT_SECRET_NEXT` | the other secret during a rotation |
 * | `M2M_PRIVATE_KEY_FILE` | a private key (PKCS #8 PEM) instead of a secret |
 * | `M2M_TLS_CERT_FILE`, `M2M_TLS_KEY_FILE` | a client certificate (PEM) and its key, beside a secret or instead of one |
 * | `M2M_TLS_CA_FILE` | with that certificate, the authorities that are trusted in place of those of Node.js |
 * | `M2M_DPOP` | `true` binds tokens to a key of this process; default `false` |
 * | `M2M_REDIS_URL`, `M2M_CACHE_KEYS` | a Redis in which instances share tokens, and the key ring that encrypts them; default none |
 * | `<CALLEE>_URL` | base URL of each callee, such as `STOCK_LEDGER_URL` for `stock-ledger` |
 * | `<CALLEE>_AUDIENCE` | its audience, where it is not the contract's |
 *
 * @param contract the contract of this service
 * @param callees the callees with their audience and scopes, as generated from the contracts
 * @example
 * ```ts
 * M2mModule.forRoot(m2mEnv(contract, callees).parse(process.env))
 * ```
 */
export function m2mEnv(
  { service }: Pick<Contract, 'service'>,
  callees: Callees,
  { defaultUrls = {} }: M2mEnvOptions = {},
) {
  return z.record(z.string(), z.string().optional()).transform((env, context): M2mModuleOptions => {
    const read = new VariableReader(env, context);
    const issuer = read.issuer('AUTH_ISSUER', localIssuer);
    const tokenUrl = read.text('M2M_TOKEN_URL') === undefined ? undefined : read.issuer('M2M_TOKEN_URL');
    const connections = Object.entries(callees).map(([name, callee]): [string, ConnectionOptions] => {
      const prefix = name.toUpperCase().replaceAll('-', '_');
      const { audience = '', scopes = [] } = callee ?? {};
      return [
        name,
        {
          baseUrl: read.url(`${prefix}_URL`, `the base URL of ${name}`, defaultUrls[name]),
          audience: read.text(`${prefix}_AUDIENCE`) ?? audience,
          scopes,
        },
      ];
    });
    return {
      service,
      issuer,
      ...(tokenUrl !== undefined && { tokenUrl }),
      provider: read.choice('AUTH_PROVIDER', providerNames, 'auth0'),
      clientId: read.required('M2M_CLIENT_ID', 'the id of this service at the authorization server', service),
      ...read.credential(),
      ...read.store(),
      ...read.sender(),
      connections: Object.fromEntries(connections),
      allowInsecureIssuer: !read.production,
    };
  });
}

/** Reads variables and reports what is wrong with each; an empty one counts as unset. */
class VariableReader {
  readonly production: boolean;

  constructor(
    private readonly env: Readonly<Record<string, string | undefined>>,
    private readonly context: z.RefinementCtx,
  ) {
    this.production = this.text('NODE_ENV') === 'production';
  }

  text(name: string): string | undefined {
    const value = this.env[name]?.trim();
    return value === '' ? undefined : value;
  }

  required(name: string, meaning: string, fallback?: string): string {
    const value = this.text(name) ?? (this.production ? undefined : fallback);
    if (value === undefined) this.problem(name, `is not set: set it to ${meaning}`);
    return value ?? '';
  }

  url(name: string, meaning: string, fallback?: string): string {
    const value = this.required(name, meaning, fallback);
    const problem = value === '' ? undefined : urlProblem(value);
    if (problem !== undefined) this.problem(name, problem);
    return value;
  }

  issuer(name: string, fallback?: string): string {
    const value = this.url(name, 'the authorization server, exactly as its tokens name it', fallback);
    if (this.production && URL.canParse(value) && isInsecure(new URL(value)))
      this.problem(name, 'must be an https URL in production: the client secret is sent there');
    return value;
  }

  choice<T extends string>(name: string, choices: readonly T[], fallback: T): T {
    const value = this.text(name) ?? fallback;
    const chosen = choices.find((choice) => choice === value);
    if (chosen === undefined) this.problem(name, `must be one of ${choices.join(', ')}`);
    return chosen ?? fallback;
  }

  credential(): Pick<M2mModuleOptions, 'clientSecret' | 'nextClientSecret' | 'privateKey'> {
    const secret = this.text('M2M_CLIENT_SECRET');
    const file = this.text('M2M_CLIENT_SECRET_FILE');
    const keyFile = this.text('M2M_PRIVATE_KEY_FILE');
    const next = this.text('M2M_CLIENT_SECRET_NEXT');
    const given = Object.entries({
      M2M_CLIENT_SECRET: secret,
      M2M_CLIENT_SECRET_FILE: file,
      M2M_PRIVATE_KEY_FILE: keyFile,
    }).flatMap(([name, value]) => (value === undefined ? [] : [name]));
    if (given.length === 0 && this.text('M2M_TLS_CERT_FILE') === undefined)
      this.problem(
        'M2M_CLIENT_SECRET_FILE',
        'is not set: set it, or M2M_CLIENT_SECRET, M2M_PRIVATE_KEY_FILE or M2M_TLS_CERT_FILE, so that this service can prove who it is',
      );
    for (const name of given.slice(1)) this.problem(name, `is set beside ${given[0]}: set one of them`);
    if (next !== undefined && keyFile !== undefined)
      this.problem('M2M_CLIENT_SECRET_NEXT', 'has no use beside M2M_PRIVATE_KEY_FILE');
    return {
      ...(secret !== undefined && { clientSecret: secret }),
      ...(file !== undefined && { clientSecret: { file } }),
      ...(keyFile !== undefined && { privateKey: { file: keyFile } }),
      ...(next !== undefined && { nextClientSecret: next }),
    };
  }

  sender(): Pick<M2mModuleOptions, 'dpop' | 'mtls'> {
    const [certificate, key, ca] = ['M2M_TLS_CERT_FILE', 'M2M_TLS_KEY_FILE', 'M2M_TLS_CA_FILE'].map((name) =>
      this.text(name),
    );
    if (certificate !== undefined && key === undefined)
      this.problem('M2M_TLS_KEY_FILE', 'is not set: set it to the key of M2M_TLS_CERT_FILE');
    if (certificate === undefined && (key !== undefined || ca !== undefined))
      this.problem('M2M_TLS_CERT_FILE', 'is not set: set it to the client certificate');
    return {
      ...(this.choice('M2M_DPOP', ['true', 'false'], 'false') === 'true' && { dpop: true }),
      ...(certificate !== undefined &&
        key !== undefined && {
          mtls: { certificate: { file: certificate }, key: { file: key }, ...(ca && { ca: { file: ca } }) },
        }),
    };
  }

  store(): Pick<M2mModuleOptions, 'store'> {
    const url = this.text('M2M_REDIS_URL');
    const keys = this.text('M2M_CACHE_KEYS');
    if (url === undefined && keys === undefined) return {};
    if (url === undefined)
      this.problem('M2M_REDIS_URL', 'is not set: set it beside M2M_CACHE_KEYS, or neither of them');
    else if (!isRedisUrl(url)) this.problem('M2M_REDIS_URL', 'must be a redis:// or rediss:// URL');
    if (keys === undefined)
      this.problem('M2M_CACHE_KEYS', 'is not set: set it to the key ring that encrypts tokens in Redis');
    else for (const problem of keyRingProblems(keys)) this.problem('M2M_CACHE_KEYS', problem);
    return { store: { url: url ?? '', keys: keys ?? '' } };
  }

  private problem(name: string, message: string): void {
    this.context.addIssue({ code: 'custom', path: [name], message });
  }
}
