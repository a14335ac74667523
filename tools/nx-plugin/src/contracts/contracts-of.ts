import type { Tree } from '@nx/devkit';
import { z } from 'zod';

/** What the generators need to know of a contract. Whether it is right is for `contract-check` to say. */
const looseContract = z.object({
  service: z.string(),
  audience: z.string().optional(),
  port: z.number().optional(),
  scopes: z.record(z.string(), z.string()).default({}),
  calls: z.record(z.string(), z.array(z.string())).default({}),
});

/** A contract, and the folder of its app from the workspace's root. */
export interface AppContract extends z.output<typeof looseContract> {
  root: string;
}

/** The contracts of all apps, sorted by folder. A file that is no contract is left out: `contract-check` names it. */
export function contractsOf(tree: Tree): AppContract[] {
  return tree
    .children('apps')
    .sort()
    .flatMap((folder): AppContract[] => {
      const root = `apps/${folder}`;
      const contract = looseContract.safeParse(parseJson(tree.read(`${root}/contract.json`, 'utf-8')));
      return contract.success ? [{ ...contract.data, root }] : [];
    });
}

function parseJson(text: string | null): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}
