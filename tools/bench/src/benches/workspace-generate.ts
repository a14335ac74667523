/** Fills the workspace that it is started in with services of every kind, each of which calls the next. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

interface Tree {
  listChanges(): unknown[];
}

type Generator = (tree: Tree, options: Readonly<Record<string, unknown>>) => Promise<unknown>;

const root = process.cwd();
const require = createRequire(join(root, 'package.json'));
const { FsTree, flushChanges } = require('nx/src/generators/tree') as {
  FsTree: new (root: string, verbose: boolean) => Tree;
  flushChanges: (root: string, changes: unknown[]) => void;
};

async function generator(name: string): Promise<(options: Record<string, unknown>) => Promise<void>> {
  const file = join(root, `tools/nx-plugin/dist/generators/${name}/generator.js`);
  const { default: run } = (await import(pathToFileURL(file).href)) as { default: Generator };
  return async (options) => {
    const tree = new FsTree(root, false);
    await run(tree, options);
    flushChanges(root, tree.listChanges());
  };
}

const transports = ['http', 'tcp', 'grpc', 'nats'];
const adapters = ['fastify', 'express'];
const count = Number(process.argv[2]);
const nameOf = (index: number): string => `service-${(index % count) + 1}`;
const scopeOf = (index: number): string => `read:${nameOf(index)}-items`;

const [service, connection] = [await generator('service'), await generator('connection')];
for (let index = 0; index < count; index++) {
  await service({
    name: nameOf(index),
    scopes: scopeOf(index),
    transport: transports[index % transports.length],
    adapter: adapters[index % adapters.length],
    skipInstall: true,
  });
}
for (let index = 0; index < count; index++)
  await connection({ from: nameOf(index), to: nameOf(index + 1), scopes: scopeOf(index + 1) });
