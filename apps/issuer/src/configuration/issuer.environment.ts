import { join, resolve } from 'node:path';
import { z } from 'zod';
import type { ActionsOptions } from './actions.environment.js';
import type { ProtectionOptions } from './protection.environment.js';
import { findWorkspaceRoot } from './workspace-root.js';

/** What makes one issuer differ from another. */
export interface IssuerOptions extends IssuerEnvironment {
  readonly actions: ActionsOptions;
  readonly protection: ProtectionOptions;
}

/** Who the issuer is and where it keeps its state. */
export interface IssuerEnvironment {
  /** The exact `iss` of its tokens: an origin and a slash. `ISSUER_URL`, default `http://localhost:4100/`. */
  readonly issuer: string;
  /** Where its state lives. `ISSUER_DATA_DIR`, default `.countersign/` in the workspace, else in the current folder. */
  readonly dataDir: string;
  /** PostgreSQL in place of SQLite. `DATABASE_URL`. */
  readonly databaseUrl: string | undefined;
  /** Folder whose `contract.json` of every app it reads. `ISSUER_CONTRACTS`, default the workspace. */
  readonly contractsRoot: string;
  /** A second port, for TLS. */
  readonly tls:
    | {
        /** `ISSUER_TLS_PORT`, default 4143. */
        readonly port: number;
        /** `ISSUER_TLS_CERT_FILE` and `ISSUER_TLS_KEY_FILE`; without them `ISSUER_TLS=self-signed` makes its own. */
        readonly files: { readonly cert: string; readonly key: string } | undefined;
      }
    | undefined;
  /** The client that may call the management API. */
  readonly management: {
    /** `ISSUER_MANAGEMENT_CLIENT_ID`, default `issuer-management`. */
    readonly clientId: string;
    /** `ISSUER_MANAGEMENT_CLIENT_SECRET`; without one it is generated and kept in the data folder. */
    readonly clientSecret: string | undefined;
  };
}

const issuerUrl = z
  .string()
  .refine(isOriginWithSlash, 'must be an http or https origin and a slash, such as http://localhost:4100/');

/**
 * The environment of the issuer. It is a development server, so `NODE_ENV=production` is refused unless
 * `ISSUER_ALLOW_PRODUCTION=yes-i-know` says otherwise.
 *
 * @param appFolder where the app runs from; decides which workspace it belongs to
 */
export function issuerEnv(appFolder: string) {
  const workspace = findWorkspaceRoot(appFolder);
  const base = workspace ?? process.cwd();
  return z
    .object({
      ISSUER_URL: issuerUrl.optional(),
      ISSUER_DATA_DIR: z.string().default('.countersign'),
      DATABASE_URL: z
        .string()
        .regex(/^postgres(ql)?:\/\//, 'must be a PostgreSQL URL: postgresql://user@host:5432/database')
        .optional(),
      ISSUER_CONTRACTS: z.string().default('.'),
      ISSUER_TLS: z.literal('self-signed', { error: 'must be self-signed or unset' }).optional(),
      ISSUER_TLS_CERT_FILE: z.string().optional(),
      ISSUER_TLS_KEY_FILE: z.string().optional(),
      ISSUER_TLS_PORT: z
        .string()
        .regex(/^[1-9]\d{0,4}$/, 'must be a port from 1 to 65535')
        .transform(Number)
        .default(4143),
      ISSUER_MANAGEMENT_CLIENT_ID: z
        .string()
        .regex(/^[\w-]{1,64}$/, 'must have 1 to 64 letters, digits, underscores and hyphens')
        .default('issuer-management'),
      ISSUER_MANAGEMENT_CLIENT_SECRET: z.string().min(8, 'must have at least 8 characters').optional(),
      NODE_ENV: z.string().optional(),
      ISSUER_ALLOW_PRODUCTION: z.literal('yes-i-know', { error: 'must be yes-i-know or unset' }).optional(),
    })
    .superRefine((env, context) => {
      if ((env.ISSUER_TLS_CERT_FILE === undefined) !== (env.ISSUER_TLS_KEY_FILE === undefined)) {
        context.addIssue({
          code: 'custom',
          path: ['ISSUER_TLS_CERT_FILE'],
          message: 'must be set together with ISSUER_TLS_KEY_FILE',
        });
      }
      if (env.NODE_ENV !== 'production' || env.ISSUER_ALLOW_PRODUCTION) return;
      context.addIssue({
        code: 'custom',
        path: ['NODE_ENV'],
        message:
          'must not be production: this authorization server is for development and tests. Use Auth0 or another ' +
          'tenant, or set ISSUER_ALLOW_PRODUCTION=yes-i-know',
      });
    })
    .transform((env): IssuerEnvironment => ({
      issuer:
        env.ISSUER_URL ??
        (tlsOf(env) ? `https://localhost:${env.ISSUER_TLS_PORT}/` : 'http://localhost:4100/'),
      tls: tlsOf(env),
      dataDir: resolve(base, env.ISSUER_DATA_DIR),
      databaseUrl: env.DATABASE_URL,
      contractsRoot: resolve(base, env.ISSUER_CONTRACTS),
      management: {
        clientId: env.ISSUER_MANAGEMENT_CLIENT_ID,
        clientSecret: env.ISSUER_MANAGEMENT_CLIENT_SECRET,
      },
    }));
}

function tlsOf(env: {
  ISSUER_TLS?: string | undefined;
  ISSUER_TLS_PORT: number;
  ISSUER_TLS_CERT_FILE?: string | undefined;
  ISSUER_TLS_KEY_FILE?: string | undefined;
}): IssuerOptions['tls'] {
  const { ISSUER_TLS_CERT_FILE: cert, ISSUER_TLS_KEY_FILE: key, ISSUER_TLS_PORT: port } = env;
  if (cert !== undefined && key !== undefined)
    return { port, files: { cert: resolve(cert), key: resolve(key) } };
  return env.ISSUER_TLS ? { port, files: undefined } : undefined;
}

function isOriginWithSlash(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, origin, username } = new URL(text);
  return /^https?:$/.test(protocol) && username === '' && text === `${origin}/`;
}

/** The file that holds the clear text of a client's secret for whoever starts that client on this machine. */
export const secretFile = (dataDir: string, clientId: string): string => join(dataDir, 'secrets', clientId);
