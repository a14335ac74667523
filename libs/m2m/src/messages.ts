export { InjectM2mMessages, messagesToken } from './lib/messages/inject-m2m-messages.decorator.js';
export { M2mMessagesModule } from './lib/messages/m2m-messages.module.js';
export type { MessageClient, MessageClientFactory } from './lib/messages/message-client.js';
