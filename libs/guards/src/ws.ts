export { AuthWsAdapter, type AuthWsAdapterOptions } from './lib/ws/auth-ws.adapter.js';
