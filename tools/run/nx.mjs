import { ensureInstalled } from './lib/install.mjs';

ensureInstalled();
const { nx } = await import('./lib/nx.mjs');
process.exit(nx(process.argv.slice(2)));
