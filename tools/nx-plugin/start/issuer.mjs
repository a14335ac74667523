import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fail } from './output.mjs';
import { root } from './workspace.mjs';

const name = '@countersign/issuer';

/** The local authorization server, from the package that the workspace has; ends the process where it has none. */
export function findIssuer() {
  try {
    const manifest = createRequire(join(root, 'package.json')).resolve(`${name}/package.json`);
    return { name: 'issuer', port: 4100, calls: [], entry: join(dirname(manifest), 'dist/main.js') };
  } catch (error) {
    if (error.code !== 'MODULE_NOT_FOUND') throw error;
    return fail(`The workspace has no ${name}. Potential solutions:`, [
      `npm install --save-dev ${name}`,
      'npx nx g @countersign/nx:init, which adds it with all others',
    ]);
  }
}
