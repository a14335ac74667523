import { fileURLToPath } from 'node:url';
import { type GrpcOptions, Transport } from '@nestjs/microservices';
import type { MessageAddress } from './message-address.js';

/** The definition of a gRPC service. */
export interface ProtoFile {
  /** The `package` that the file declares. */
  readonly package: string;
  /** The `.proto` file. */
  readonly file: URL;
}

/** What a server or a client of messages needs beside the address. */
export interface MicroserviceDetails {
  /** The definition of the messages; needed for `grpc`. */
  readonly proto?: ProtoFile;
  /** The replicas of a server that share the messages of a NATS subject; the name of the service. Default none. */
  readonly queue?: string;
}

/** What Nest takes for a server as for a client. */
export type MessageTransportOptions =
  | { transport: Transport.TCP; options: { host: string; port: number } }
  | { transport: Transport.NATS; options: { servers: string[]; queue?: string } }
  | (GrpcOptions & { transport: Transport.GRPC });

/**
 * The options of Nest for a server (`ServiceOptions.microservices`) or a client (`ClientsModule`) of messages.
 *
 * @param address where it listens, or where it is reached
 * @throws TypeError for `grpc` without a definition
 */
export function microserviceOptions(
  { scheme, host, port }: MessageAddress,
  { proto, queue }: MicroserviceDetails = {},
): MessageTransportOptions {
  const authority = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  if (scheme === 'tcp') return { transport: Transport.TCP, options: { host, port } };
  if (scheme === 'nats')
    return {
      transport: Transport.NATS,
      options: { servers: [`nats://${authority}`], ...(queue !== undefined && { queue }) },
    };
  if (!proto) throw new TypeError(`A gRPC service at ${authority} needs the definition of its messages.`);
  return {
    transport: Transport.GRPC,
    options: {
      url: authority,
      package: proto.package,
      protoPath: fileURLToPath(proto.file),
      loader: { defaults: true },
    },
  };
}
