import { audienceMissing } from './checks/audience-missing.js';
import { callNotAllowed } from './checks/call-not-allowed.js';
import type { DistinctMember, JointCheck, OwnCheck, WorkspaceContracts } from './checks/check.js';
import { duplicates } from './checks/duplicates.js';
import { permissionUnused } from './checks/permission-unused.js';
import { scopePrefixRepeated } from './checks/scope-prefix-repeated.js';
import { allowedScopeUnknown, calledScopeUnknown } from './checks/scope-unknown.js';
import { selfCall } from './checks/self-call.js';
import { serviceNotCallable } from './checks/service-not-callable.js';
import { serviceReserved } from './checks/service-reserved.js';
import { serviceUnknown } from './checks/service-unknown.js';
import type { Contract, LoadedContract } from './contract.js';
import { compareFindings, type Finding } from './finding.js';
import type { LoadedContracts } from './load-contracts.js';

const ownChecks: readonly OwnCheck[] = [
  serviceReserved,
  audienceMissing,
  allowedScopeUnknown,
  scopePrefixRepeated,
  selfCall,
];

const jointChecks: readonly JointCheck[] = [
  duplicates,
  serviceUnknown,
  serviceNotCallable,
  calledScopeUnknown,
  callNotAllowed,
  permissionUnused,
];

/**
 * Checks what one service can check alone, for instance at boot.
 *
 * @param file how findings name the contract's file
 * @returns findings sorted by place
 */
export function checkOwnContract(contract: Contract, file: string): Finding[] {
  return ownChecks.flatMap((check) => [...check({ contract, file })]).sort(compareFindings);
}

/**
 * Checks all contracts of a workspace, each alone and all against each other.
 *
 * ```ts
 * const findings = checkContracts(loadContracts(root));
 * ```
 *
 * @returns what loading and checking found, sorted by file and place
 */
export function checkContracts({ contracts, findings }: LoadedContracts): Finding[] {
  const byService = new Map<string, (typeof contracts)[number]>();
  for (const loaded of contracts) {
    if (!byService.has(loaded.contract.service)) byService.set(loaded.contract.service, loaded);
  }
  const workspace: WorkspaceContracts = {
    sharing: {
      service: groupBy(contracts, 'service'),
      audience: groupBy(contracts, 'audience'),
      port: groupBy(contracts, 'port'),
    },
    byService,
    names: [...byService.keys()].sort(),
  };
  return [
    ...findings,
    ...contracts.flatMap(({ contract, file }) => checkOwnContract(contract, file)),
    ...contracts.flatMap((loaded) => jointChecks.flatMap((check) => [...check(loaded, workspace)])),
  ].sort(compareFindings);
}

function groupBy(
  contracts: readonly LoadedContract[],
  member: DistinctMember,
): ReadonlyMap<string | number, readonly LoadedContract[]> {
  const groups = new Map<string | number, LoadedContract[]>();
  for (const loaded of contracts) {
    const value = loaded.contract[member];
    if (value === undefined) continue;
    const group = groups.get(value);
    if (group) group.push(loaded);
    else groups.set(value, [loaded]);
  }
  return groups;
}
