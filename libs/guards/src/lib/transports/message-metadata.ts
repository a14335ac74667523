/** The metadata of a gRPC call, as `@grpc/grpc-js` hands it over. */
export interface GrpcMetadata {
  get(key: string): readonly unknown[];
  set(key: string, value: string): void;
  getMap(): Record<string, unknown>;
}

/** The headers of a NATS message. */
interface NatsHeaders {
  keys(): readonly string[];
  values(key: string): readonly string[];
}

interface MessageContext {
  getMetadata?(): unknown;
  getHeaders?(): NatsHeaders | undefined;
}

/** Tells the context of a gRPC call from those of the other transports, which are classes of Nest's. */
export function isGrpcMetadata(context: object): context is GrpcMetadata {
  return 'getMap' in context && typeof context.getMap === 'function' && 'get' in context && 'set' in context;
}

/**
 * Every value that the metadata or the headers of a message hold under a name, in whatever case. The payload is not
 * looked at.
 */
export function messageMetadata(context: object, name: string): readonly unknown[] {
  if (isGrpcMetadata(context)) return context.get(name);
  const message = context as MessageContext;
  if (message.getHeaders) return fromHeaders(message.getHeaders(), name);
  return fromObject(message.getMetadata?.(), name);
}

function fromHeaders(headers: NatsHeaders | undefined, name: string): readonly unknown[] {
  if (typeof headers?.keys !== 'function') return [];
  return headers.keys().flatMap((key) => (key.toLowerCase() === name ? headers.values(key) : []));
}

function fromObject(metadata: unknown, name: string): readonly unknown[] {
  if (typeof metadata !== 'object' || metadata === null) return [];
  return Object.entries(metadata).flatMap(([key, value]) =>
    key.toLowerCase() === name ? (value as unknown) : [],
  );
}
