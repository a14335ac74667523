import { ensureInstalled } from './lib/install.mjs';

ensureInstalled();
const { nx } = await import('../nx-plugin/start/nx.mjs');
process.exit(nx(process.argv.slice(2)));
