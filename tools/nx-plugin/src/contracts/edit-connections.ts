import { updateJson, type Tree } from '@nx/devkit';
import type { AppContract } from './contracts-of.ts';

type Connections = Record<string, string[]>;
type ContractFile = Partial<Record<'allows' | 'calls', Connections>>;

/** Adds scopes to the `allows` or `calls` of a contract; those that are there stay, in their order. */
export function addConnection(
  tree: Tree,
  { root }: Pick<AppContract, 'root'>,
  member: 'allows' | 'calls',
  service: string,
  scopes: readonly string[],
): void {
  updateJson<ContractFile>(tree, `${root}/contract.json`, (contract) => {
    const connections = contract[member] ?? {};
    const present = Object.hasOwn(connections, service) ? (connections[service] ?? []) : [];
    return { ...contract, [member]: { ...connections, [service]: [...new Set([...present, ...scopes])] } };
  });
}

/** Takes a service out of the `allows` or `calls` of a contract. */
export function removeConnection(
  tree: Tree,
  { root }: Pick<AppContract, 'root'>,
  member: 'allows' | 'calls',
  service: string,
): void {
  updateJson<ContractFile>(tree, `${root}/contract.json`, (contract) => {
    const connections = contract[member] ?? {};
    if (!Object.hasOwn(connections, service)) return contract;
    const { [service]: _, ...others } = connections;
    return { ...contract, [member]: others };
  });
}
