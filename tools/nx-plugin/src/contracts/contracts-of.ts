import type { Tree } from '@nx/devkit';
import { z } from 'zod';
import { stampOf, type Stamp } from '../workspace/stamp.ts';

/** What the generators need to know of a contract. Whether it is right is for `contract-check` to say. */
const looseContract = z.object({
  service: z.string(),
  audience: z.string().optional(),
  port: z.number().optional(),
  scopes: z.record(z.string(), z.string()).default({}),
  allows: z.record(z.string(), z.array(z.string())).default({}),
  calls: z.record(z.string(), z.array(z.string())).default({}),
});

/** A contract, and the app that it is of. */
export interface AppContract extends z.output<typeof looseContract> {
  /** Folder of the app from the workspace's root. */
  root: string;
  /** What the generator left that made the app; nothing where none did. */
  stamp: Stamp | undefined;
}

/** The contracts of all apps, sorted by folder. A file that is no contract is left out: `contract-check` names it. */
export function contractsOf(tree: Tree): AppContract[] {
  return tree
    .children('apps')
    .sort()
    .flatMap((folder): AppContract[] => {
      const root = `apps/${folder}`;
      const contract = looseContract.safeParse(parseJson(tree.read(`${root}/contract.json`, 'utf-8')));
      return contract.success ? [{ ...contract.data, root, stamp: stampOf(tree, root) }] : [];
    });
}

/** Names for a message, sorted: `a, b`; `none` where there are none. */
export const listNames = (names: readonly string[]): string =>
  names.length === 0 ? 'none' : [...names].sort().join(', ');

/**
 * The contract of a service.
 *
 * @throws Error that lists the choices where there is none
 */
export function chooseContract(what: string, contracts: readonly AppContract[], name: string): AppContract {
  const chosen = contracts.find(({ service }) => service === name);
  if (chosen) return chosen;
  throw new Error(
    `There is no ${what} named ${JSON.stringify(name)}. Choose one of: ${listNames(contracts.map(({ service }) => service))}.`,
  );
}

function parseJson(text: string | null): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}
