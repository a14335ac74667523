import { formatFiles, updateJson, type Tree } from '@nx/devkit';
import { contractsOf, type AppContract } from '../../contracts/contracts-of.ts';
import contractsGenerator from '../contracts/generator.ts';
import type { ConnectionGeneratorOptions } from './schema.d.ts';

type Connections = Record<string, string[]>;

/**
 * Lets one service call another: the need in the caller's contract, the consent in the callee's, and what the caller
 * knows of its callees. Scopes that are there already stay. Writes nothing where a name is refused.
 */
export default async function connectionGenerator(
  tree: Tree,
  options: ConnectionGeneratorOptions,
): Promise<void> {
  const contracts = contractsOf(tree);
  const caller = choose('service', contracts, options.from);
  const callee = choose(
    'callable service',
    contracts.filter(({ audience, service }) => audience !== undefined && service !== options.from),
    options.to,
  );
  const scopes = options.scopes.split(',').map((scope) => scope.trim());
  const unknown = scopes.find((scope) => !Object.hasOwn(callee.scopes, scope));
  if (unknown !== undefined) {
    throw new Error(
      `${callee.service} owns no scope ${JSON.stringify(unknown)}. Its scopes: ${list(Object.keys(callee.scopes))}.`,
    );
  }

  connect(tree, caller, 'calls', callee.service, scopes);
  connect(tree, callee, 'allows', caller.service, scopes);
  await contractsGenerator(tree);
  await formatFiles(tree);
}

function choose(what: string, contracts: readonly AppContract[], name: string): AppContract {
  const chosen = contracts.find(({ service }) => service === name);
  if (chosen) return chosen;
  throw new Error(
    `There is no ${what} named ${JSON.stringify(name)}. Choose one of: ${list(contracts.map(({ service }) => service))}.`,
  );
}

const list = (names: readonly string[]) => (names.length === 0 ? 'none' : [...names].sort().join(', '));

function connect(
  tree: Tree,
  { root }: AppContract,
  member: 'allows' | 'calls',
  service: string,
  scopes: readonly string[],
): void {
  updateJson<Partial<Record<typeof member, Connections>>>(tree, `${root}/contract.json`, (contract) => {
    const connections = contract[member] ?? {};
    const present = Object.hasOwn(connections, service) ? (connections[service] ?? []) : [];
    return { ...contract, [member]: { ...connections, [service]: [...new Set([...present, ...scopes])] } };
  });
}
