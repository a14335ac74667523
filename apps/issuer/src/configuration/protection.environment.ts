import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** How the issuer protects itself and its keys, and whether it may be broken on demand. */
export interface ProtectionOptions {
  /** Token requests a second of one client from one address. `ISSUER_RATE_LIMIT`, default no limit. */
  readonly rateLimit: number | undefined;
  /** Whether DPoP proofs need a nonce of this server. `ISSUER_DPOP_NONCE`, default `optional`. */
  readonly dpopNonce: 'required' | 'optional';
  /** 32 bytes each; the first one seals what is secret in the store. Default none: it is kept as it is. */
  readonly keyEncryptionKeys: readonly Buffer[];
  /** Whether `POST /faults` is there. `ISSUER_FAULTS=enabled`. */
  readonly faults: boolean;
  /** Whether a changed contract is reconciled while the issuer runs. `ISSUER_WATCH`; on outside production. */
  readonly watch: boolean;
}

const keyList = 'must list keys of 32 bytes in base64url, separated by commas: openssl rand -base64 32';

/** The environment of {@link ProtectionOptions}. */
export function protectionEnv() {
  return z
    .object({
      ISSUER_RATE_LIMIT: z
        .string()
        .regex(/^[1-9]\d{0,4}$/, 'must be a number of requests a second from 1 to 99999')
        .transform(Number)
        .optional(),
      ISSUER_DPOP_NONCE: z
        .enum(['required', 'optional'], { error: 'must be required or optional' })
        .default('optional'),
      ISSUER_KEY_ENCRYPTION_KEY: z.string().optional(),
      ISSUER_KEY_ENCRYPTION_KEY_FILE: z.string().optional(),
      ISSUER_FAULTS: z.literal('enabled', { error: 'must be enabled or unset' }).optional(),
      ISSUER_WATCH: z.enum(['on', 'off'], { error: 'must be on or off' }).optional(),
      NODE_ENV: z.string().optional(),
    })
    .transform((env, context): ProtectionOptions => {
      const name =
        env.ISSUER_KEY_ENCRYPTION_KEY_FILE === undefined
          ? 'ISSUER_KEY_ENCRYPTION_KEY'
          : 'ISSUER_KEY_ENCRYPTION_KEY_FILE';
      const keys = parseKeys(env.ISSUER_KEY_ENCRYPTION_KEY, env.ISSUER_KEY_ENCRYPTION_KEY_FILE);
      if (typeof keys === 'string') context.addIssue({ code: 'custom', path: [name], message: keys });
      return {
        rateLimit: env.ISSUER_RATE_LIMIT,
        dpopNonce: env.ISSUER_DPOP_NONCE,
        keyEncryptionKeys: typeof keys === 'string' ? [] : keys,
        faults: env.ISSUER_FAULTS === 'enabled',
        watch: (env.ISSUER_WATCH ?? (env.NODE_ENV === 'production' ? 'off' : 'on')) === 'on',
      };
    });
}

/** The keys, or what is wrong with them. */
function parseKeys(value: string | undefined, file: string | undefined): readonly Buffer[] | string {
  if (value !== undefined && file !== undefined)
    return 'must not be set together with ISSUER_KEY_ENCRYPTION_KEY';
  if (value === undefined && file === undefined) return [];
  try {
    const text = value ?? readFileSync(file!, 'utf8');
    const keys = text.split(/[,\s]+/).flatMap((part) => (part ? [Buffer.from(part, 'base64')] : []));
    return keys.length > 0 && keys.every(({ length }) => length === 32) ? keys : keyList;
  } catch {
    return 'must name a file that can be read';
  }
}
