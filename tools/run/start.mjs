import { ensureInstalled } from './lib/install.mjs';

ensureInstalled();
const { start } = await import('../nx-plugin/start/start.mjs');
await start({ once: process.argv.includes('--once'), story: 'storefront' });
