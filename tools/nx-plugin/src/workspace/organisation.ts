import { readJson, type Tree } from '@nx/devkit';

/** The organisation that the workspace's packages and audiences are named after: the name of its root package. */
export const organisationOf = (tree: Tree): string =>
  readJson<{ name: string }>(tree, 'package.json').name.replace(/^@/, '').replace(/\/.*$/, '');
