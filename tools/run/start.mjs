import { ensureInstalled } from './lib/install.mjs';

ensureInstalled();
const { start } = await import('./lib/start.mjs');
await start({ once: process.argv.includes('--once') });
