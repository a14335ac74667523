import { isIP } from 'node:net';
import { z } from 'zod';

/** Levels of the log, from the least to the most that is written. */
export const logLevels = ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const;

/** A level of the log. */
export type LogLevel = (typeof logLevels)[number];

/** How a service listens, logs and stops. */
export interface ServerOptions {
  /** Address or name to listen on. `HOST`, default `127.0.0.1`. */
  readonly host: string;
  /** Port to listen on; 0 lets the system choose. `PORT`, default: the service's own. */
  readonly port: number;
  /** `LOG_LEVEL`, default `info`. */
  readonly logLevel: LogLevel;
  /** Whether `NODE_ENV` is `production`. */
  readonly production: boolean;
  /** Largest request body in bytes. `BODY_LIMIT`, default 102,400 (100 kB). */
  readonly bodyLimit: number;
  /** How long requests in flight may take to finish at a shutdown, in milliseconds. `SHUTDOWN_GRACE_MS`, default 10,000. */
  readonly shutdownGrace: number;
  /**
   * How long a stopping service says "not ready" before it stops accepting, in milliseconds, so that load balancers
   * notice. `SHUTDOWN_DELAY_MS`, default 0.
   */
  readonly shutdownDelay: number;
  /** Proxies whose `X-Forwarded-*` headers are believed. `TRUST_PROXY`, addresses and CIDR ranges; default none. */
  readonly trustProxy: false | readonly string[];
}

/**
 * The environment every service reads: `HOST`, `PORT`, `LOG_LEVEL`, `NODE_ENV`, `BODY_LIMIT`, `SHUTDOWN_GRACE_MS`,
 * `SHUTDOWN_DELAY_MS`, `TRUST_PROXY`.
 *
 * @param defaults.port port of this service where `PORT` is not set; without it, `PORT` must be set
 */
export function serverEnv({ port }: { readonly port?: number | undefined }) {
  return z
    .object({
      HOST: z.string().refine(isHost, 'must be an IP address or a host name').default('127.0.0.1'),
      PORT: port === undefined ? portNumber : portNumber.default(port),
      LOG_LEVEL: oneOf(logLevels).default('info'),
      NODE_ENV: oneOf(['development', 'test', 'production']).default('development'),
      BODY_LIMIT: wholeNumber(1_024, 10_485_760, { unit: 'bytes' }).default(102_400),
      SHUTDOWN_GRACE_MS: wholeNumber(0, 300_000, { unit: 'milliseconds' }).default(10_000),
      SHUTDOWN_DELAY_MS: wholeNumber(0, 60_000, { unit: 'milliseconds' }).default(0),
      TRUST_PROXY: z
        .string()
        .transform((text) => text.split(',').map((part) => part.trim()))
        .refine((parts) => parts.every(isRange), 'must list IP addresses or CIDR ranges, separated by commas')
        .optional(),
    })
    .transform((env): ServerOptions => ({
      host: env.HOST,
      port: env.PORT,
      logLevel: env.LOG_LEVEL,
      production: env.NODE_ENV === 'production',
      bodyLimit: env.BODY_LIMIT,
      shutdownGrace: env.SHUTDOWN_GRACE_MS,
      shutdownDelay: env.SHUTDOWN_DELAY_MS,
      trustProxy: env.TRUST_PROXY ?? false,
    }));
}

const portNumber = wholeNumber(0, 65_535, { missing: 'is not set: set it to the port to listen on' });

function wholeNumber(min: number, max: number, { unit, missing }: { unit?: string; missing?: string } = {}) {
  const message = `must be a whole number ${unit ? `of ${unit} ` : ''}from ${min} to ${max}`;
  return z
    .string(missing)
    .regex(/^\d{1,9}$/, message)
    .transform(Number)
    .refine((value) => value >= min && value <= max, message);
}

function oneOf<const Values extends readonly [string, ...string[]]>(values: Values) {
  return z.enum(values, { error: `must be one of ${values.join(', ')}` });
}

const hostName = /^(?=.{1,253}$)[a-z\d]([a-z\d-]{0,61}[a-z\d])?(\.[a-z\d]([a-z\d-]{0,61}[a-z\d])?)*$/i;

const isHost = (text: string): boolean => isIP(text) !== 0 || hostName.test(text);

function isRange(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
}
