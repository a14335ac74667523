import { readNxJson, updateNxJson, type NxJsonConfiguration, type Tree } from '@nx/devkit';

type Plugin = NonNullable<NxJsonConfiguration['plugins']>[number];

const syncGenerators = ['@countersign/nx:contracts', '@countersign/nx:clients'];

/** Our plugin comes last: what it says of a target goes before what the others infer. */
const plugins: readonly Plugin[] = [
  {
    plugin: '@nx/js/typescript',
    options: {
      typecheck: { targetName: 'typecheck' },
      build: {
        targetName: 'build',
        configName: 'tsconfig.lib.json',
        buildDepsName: 'build-deps',
        watchDepsName: 'watch-deps',
      },
    },
  },
  { plugin: '@nx/vitest', options: { testTargetName: 'test' } },
  { plugin: '@nx/eslint/plugin', options: { targetName: 'lint' } },
  '@countersign/nx/plugin',
];

const nameOf = (plugin: Plugin): string => (typeof plugin === 'string' ? plugin : plugin.plugin);

/** Adds the plugins and the sync generators to `nx.json`; a plugin that is there keeps its options. */
export function addToNxJson(tree: Tree): void {
  const nxJson = readNxJson(tree) ?? {};
  const present = nxJson.plugins ?? [];
  const names = new Set(present.map(nameOf));
  const globalGenerators = [...new Set([...(nxJson.sync?.globalGenerators ?? []), ...syncGenerators])];
  updateNxJson(tree, {
    ...nxJson,
    plugins: [...present, ...plugins.filter((plugin) => !names.has(nameOf(plugin)))],
    sync: { ...nxJson.sync, globalGenerators },
  });
}
