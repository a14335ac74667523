import type { LoadedContract } from '../contract.js';
import { jsonPointer } from '../json-pointer.js';
import type { Finding, FindingCode } from '../finding.js';

/** Checks what one contract says, without the others. */
export type OwnCheck = (loaded: LoadedContract) => Iterable<Finding>;

/** Checks one contract against all contracts of the workspace. */
export type JointCheck = (loaded: LoadedContract, workspace: WorkspaceContracts) => Iterable<Finding>;

/** The members that no two contracts may share. */
export type DistinctMember = 'service' | 'audience' | 'port';

/** All contracts of the workspace, to look things up in. */
export interface WorkspaceContracts {
  /** By the value of each member that no two may share. */
  sharing: Readonly<Record<DistinctMember, ReadonlyMap<string | number, readonly LoadedContract[]>>>;
  /** By service name; the first one where a name is taken twice. */
  byService: ReadonlyMap<string, LoadedContract>;
  /** Sorted service names, for messages. */
  names: readonly string[];
}

/** An error at a place in a contract. */
export const errorAt = (
  { file }: LoadedContract,
  path: readonly PropertyKey[],
  code: FindingCode,
  message: string,
): Finding => ({ code, severity: 'error', file, pointer: jsonPointer(path), message });

/** Each scope that a connection names, with its place. */
export function* scopesOf(
  { contract }: LoadedContract,
  member: 'allows' | 'calls',
): Generator<{ service: string; scope: string; path: [string, string, number] }> {
  for (const [service, scopes] of Object.entries(contract[member])) {
    for (const [index, scope] of scopes.entries()) yield { service, scope, path: [member, service, index] };
  }
}

/** Names for a message: `a, b and c`. */
export const listNames = (names: readonly string[]): string =>
  names.length === 0 ? 'none' : new Intl.ListFormat('en').format(names);
