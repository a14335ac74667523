import { join } from 'node:path';
import { generateFiles, type Tree } from '@nx/devkit';
import { addTsReference } from '../../workspace/packages.ts';
import { writeFrameworkFiles } from '../../workspace/framework-files.ts';
import { authManifestOf } from './auth-manifest.ts';
import { openApiFileOf } from './open-api-file.ts';
import type { ServicePlan } from './service-plan.ts';

/** Writes all files of a service: those that the framework owns, and those that are the user's from then on. */
export function writeServiceFiles(tree: Tree, root: string, plan: ServicePlan): void {
  const write = (...folder: string[]) =>
    generateFiles(tree, join(import.meta.dirname, 'files', ...folder), root, { ...plan, dot: '.' });
  writeFrameworkFiles(tree, root, 'service');
  write('app');
  tree.write(`${root}/auth-manifest.json`, authManifestOf(plan));
  tree.write(`${root}/openapi.json`, openApiFileOf(plan));
  if (plan.transport !== 'http') write('messages', plan.transport === 'grpc' ? 'grpc' : 'rpc');
  for (const library of ['guards', 'contract', 'bootstrap', 'testing'])
    addTsReference(tree, root, `libs/${library}`);
}
