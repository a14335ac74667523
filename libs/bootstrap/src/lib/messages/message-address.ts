import { z } from 'zod';

/** How a message service is reached, as the scheme of its address says it. */
export type MessageScheme = 'tcp' | 'nats' | 'grpc';

/** Where messages are sent or received. */
export interface MessageAddress {
  readonly scheme: MessageScheme;
  /** IP address or name. */
  readonly host: string;
  readonly port: number;
}

const defaultPorts: Readonly<Record<MessageScheme, number | undefined>> = {
  tcp: undefined,
  nats: 4222,
  grpc: undefined,
};

const isScheme = (text: string): text is MessageScheme => Object.hasOwn(defaultPorts, text);

/**
 * Reads an address such as `tcp://10.0.0.7:5101`, `nats://broker` or `grpc://inventory:5102`.
 *
 * @returns `undefined` where the text is none, or holds anything beside scheme, host and port
 */
export function parseMessageAddress(text: string): MessageAddress | undefined {
  if (!URL.canParse(text)) return undefined;
  const { protocol, hostname, port: portText, username, password, pathname, search, hash } = new URL(text);
  const scheme = protocol.slice(0, -1);
  if (!isScheme(scheme) || hostname === '') return undefined;
  if (username || password || (pathname !== '' && pathname !== '/') || search || hash) return undefined;
  const port = portText === '' ? defaultPorts[scheme] : Number(portText);
  return port === undefined ? undefined : { scheme, host: hostname.replace(/^\[|\]$/g, ''), port };
}

/** What {@link messageEnv} reads. */
export interface MessageEnvOptions {
  /** Name of the variable: `MESSAGES_URL` for a service's own, `<CALLEE>_MESSAGES_URL` for a callee's. */
  readonly variable: string;
  /** Address where the variable is not set; not in production. Default none. */
  readonly defaultUrl?: string;
}

/**
 * The environment of a message address as a Standard Schema.
 *
 * @example
 * ```ts
 * environment: () => ({ messages: messageEnv({ variable: 'MESSAGES_URL', defaultUrl: 'tcp://127.0.0.1:5101' }) })
 * ```
 */
export function messageEnv({ variable, defaultUrl }: MessageEnvOptions) {
  return z.record(z.string(), z.string().optional()).transform((env, context): MessageAddress => {
    const fallback = env['NODE_ENV'] === 'production' ? undefined : defaultUrl;
    const text = env[variable]?.trim() || fallback;
    const address = text === undefined ? undefined : parseMessageAddress(text);
    if (address) return address;
    const message =
      text === undefined
        ? 'is not set: set it to an address such as tcp://host:port, nats://host:port or grpc://host:port'
        : 'must be tcp://host:port, nats://host:port or grpc://host:port, and nothing else';
    context.addIssue({ code: 'custom', path: [variable], message });
    return z.NEVER;
  });
}
