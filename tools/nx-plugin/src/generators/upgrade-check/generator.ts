import { formatFiles, logger, updateJson, type Tree } from '@nx/devkit';
import { chooseContract, contractsOf, type AppContract } from '../../contracts/contracts-of.ts';
import { frameworkFile, frameworkFiles } from '../../workspace/framework-files.ts';
import { lineDiff } from '../../workspace/line-diff.ts';
import { pluginVersion } from '../../workspace/stamp.ts';
import contractsGenerator from '../contracts/generator.ts';
import type { UpgradeCheckGeneratorOptions } from './schema.d.ts';
import { todaysUserFiles } from './todays-user-files.ts';

/**
 * Compares the files of every app that a generator made with what the generator would write today, and prints how they
 * differ. Those that the framework owns are brought up to date, without `--dry-run`; those that are the user's stay as they
 * are.
 *
 * @throws Error that lists the choices where there is no app of a name
 */
export default async function upgradeCheckGenerator(
  tree: Tree,
  { name }: UpgradeCheckGeneratorOptions,
): Promise<void> {
  const generated = contractsOf(tree).filter(({ stamp }) => stamp !== undefined);
  const apps = name === undefined ? generated : [chooseContract('generated app', generated, name)];
  const yours = await driftOfUsers(tree, apps);
  const before = apps.flatMap((app) => writeToday(tree, app));
  await contractsGenerator(tree);
  await formatFiles(tree);
  const drifted = before.flatMap(({ path, text }) => drift(path, text, tree.read(path, 'utf-8') ?? ''));
  const found = [
    ...listed('files are brought up to date', drifted),
    ...listed('files of yours differ from the templates of today, and stay as they are', yours),
  ];
  logger.info(found.length === 0 ? `Nothing drifted in ${apps.length} generated apps.` : found.join('\n'));
}

const listed = (what: string, files: readonly string[]): string[] =>
  files.length === 0 ? [] : [`${files.length} ${what}:`, ...files];

/** How the files that are the user's differ from what the generators would write today. A file that is gone may be. */
async function driftOfUsers(tree: Tree, apps: readonly AppContract[]): Promise<string[]> {
  const drifted: string[] = [];
  for (const app of apps) {
    for (const [path, today] of await todaysUserFiles(tree, app)) {
      const text = tree.read(path, 'utf-8');
      if (text !== null) drifted.push(...drift(path, text, today));
    }
  }
  return drifted;
}

/** Writes the framework's files of an app as they are today, and answers what they were. */
function writeToday(tree: Tree, { root, stamp }: AppContract): { path: string; text: string | null }[] {
  const kind = stamp?.kind ?? 'service';
  const before = [...frameworkFiles(kind)].map(([file, template]) => {
    const path = `${root}/${file}`;
    const text = tree.read(path, 'utf-8');
    tree.write(path, frameworkFile(path, template, text));
    return { path, text };
  });
  if (stamp?.version !== pluginVersion) {
    updateJson<{ countersign?: object }>(tree, `${root}/package.json`, (manifest) => ({
      ...manifest,
      countersign: { ...manifest.countersign, version: pluginVersion },
    }));
  }
  return before;
}

/** How a file changes, a line each; nothing where it does not. */
function drift(path: string, before: string | null, today: string): string[] {
  if (before === today) return [];
  const changes =
    before === null
      ? ['+ (the file was missing)']
      : lineDiff(before, today).filter((line) => !line.startsWith('  '));
  return [[path, ...changes].join('\n    ')];
}
