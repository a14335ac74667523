import { DependencyType, type CreateDependencies, type RawProjectGraphDependency } from '@nx/devkit';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** What the graph needs to know of a contract. */
const graphContract = z.object({
  service: z.string(),
  calls: z.record(z.string(), z.unknown()).default({}),
});

/**
 * An edge from each caller to each of its callees, so that `nx graph` shows the connections and `nx affected` finds the
 * callers of a service that changed. The edges are implicit: they bring no TypeScript reference, and services may call each
 * other in a circle, since what is built first does not follow them (see `createNodesV2`).
 */
export const createDependencies: CreateDependencies = (_options, { projects, workspaceRoot }) => {
  const contracts = Object.entries(projects).flatMap(([project, { root }]) => {
    const contract = readContract(join(workspaceRoot, root, 'contract.json'));
    return contract ? [{ project, contract }] : [];
  });
  const projectOf = new Map(contracts.map(({ project, contract }) => [contract.service, project]));
  return contracts.flatMap(({ project: source, contract }): RawProjectGraphDependency[] =>
    Object.keys(contract.calls).flatMap((callee) => {
      const target = projectOf.get(callee);
      return target === undefined || target === source
        ? []
        : [{ source, target, type: DependencyType.implicit }];
    }),
  );
};

/** A file that is no contract has no edges: `contract-check` says what is wrong with it. */
function readContract(file: string) {
  try {
    return graphContract.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data;
  } catch {
    return undefined;
  }
}
