export {
  messageEnv,
  parseMessageAddress,
  type MessageAddress,
  type MessageEnvOptions,
  type MessageScheme,
} from './lib/messages/message-address.js';
export {
  microserviceOptions,
  type MessageTransportOptions,
  type MicroserviceDetails,
  type ProtoFile,
} from './lib/messages/microservice-options.js';
