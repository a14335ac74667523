import { join } from 'node:path';
import type { Tree } from '@nx/devkit';
import { createTree } from '@nx/devkit/testing';
import { resolveConfig } from 'prettier';
import type { AppContract } from '../../contracts/contracts-of.ts';
import { frameworkFiles } from '../../workspace/framework-files.ts';
import clientGenerator from '../client/generator.ts';
import serviceGenerator from '../service/generator.ts';

/** What says what the app is, and what is derived: no template knows how it should be. */
const isData = /\.gen\.|(?:^|\/)(?:contract|package|auth-manifest|openapi)\.json$/;

/**
 * The files of an app that are its user's, as its generator would write them today with the connections that it has, by
 * their path from the workspace's root. None for a service whose first resource is no longer what was generated.
 */
export async function todaysUserFiles(tree: Tree, app: AppContract): Promise<Map<string, string>> {
  const { root, stamp } = app;
  if (stamp === undefined || (stamp.kind === 'service' && stamp.resource === undefined)) return new Map();
  const scratch = await surroundingsOf(tree, app);
  const calls = optionOf(app.calls);
  if (stamp.kind === 'client') {
    await clientGenerator(scratch, { name: app.service, calls, skipInstall: true });
  } else {
    const { transport, adapter } = stamp;
    const scopes = Object.keys(app.scopes).join(',');
    const port = app.port ?? 'auto';
    const options = { name: app.service, scopes, calls, transport, adapter, port, skipInstall: true };
    await serviceGenerator(scratch, options);
    if (!scratch.exists(`${root}/src/app/${stamp.resource}`)) return new Map();
  }
  const framework = new Set([...frameworkFiles(stamp.kind).keys()].map((file) => `${root}/${file}`));
  const files = scratch
    .listChanges()
    .filter(({ path, type }) => type === 'CREATE' && path.startsWith(`${root}/`))
    .filter(({ path }) => !framework.has(path) && !isData.test(path));
  return new Map(files.map(({ path, content }) => [path, content?.toString() ?? '']));
}

/** A tree in memory that holds what a generator asks for where it makes the app: all that is around it. */
async function surroundingsOf(tree: Tree, { root }: AppContract): Promise<Tree> {
  const scratch = createTree();
  const copy = (path: string) => {
    const content = tree.read(path);
    if (content !== null) scratch.write(path, content);
  };
  const style = await resolveConfig(join(tree.root, root, 'src/main.ts'), { editorconfig: true });
  if (style) scratch.write('.prettierrc', JSON.stringify(style));
  else copy('.prettierrc');
  for (const file of ['package.json', 'libs/contract/contract.schema.json']) copy(file);
  for (const other of tree.children('apps').map((name) => `apps/${name}`)) {
    if (other === root) continue;
    for (const folder of [other, `${other}/proto`]) {
      for (const name of tree.children(folder)) {
        if (tree.isFile(`${folder}/${name}`)) copy(`${folder}/${name}`);
      }
    }
  }
  return scratch;
}

/** Connections as the option `calls` of a generator says them. */
const optionOf = (connections: Readonly<Record<string, readonly string[]>>): string =>
  Object.entries(connections)
    .flatMap(([service, scopes]) => scopes.map((scope) => `${service}:${scope}`))
    .join(',');
