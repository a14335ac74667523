export type { Register, ScopeName, CalleeName, CallerName } from './lib/register.js';
