import type { Tree } from '@nx/devkit';
import type { AppContract } from '../../contracts/contracts-of.ts';

/** The definition of the gRPC messages of a service, from the folder of an app. */
export const protoPath = (service: string): string => `proto/${service}.proto`;

/**
 * Gives each caller of a gRPC service the definition of its messages, and takes it away where nothing is called any more.
 *
 * @returns the files that were written or removed
 */
export function syncProtoFiles(
  tree: Tree,
  caller: AppContract,
  services: ReadonlyMap<string, AppContract>,
): string[] {
  const stale: string[] = [];
  for (const [service, callee] of services) {
    if (service === caller.service || callee.stamp?.transport !== 'grpc') continue;
    const file = `${caller.root}/${protoPath(service)}`;
    const wanted = Object.hasOwn(caller.calls, service)
      ? tree.read(`${callee.root}/${protoPath(service)}`, 'utf-8')
      : null;
    if (tree.read(file, 'utf-8') === wanted) continue;
    if (wanted === null) tree.delete(file);
    else tree.write(file, wanted);
    stale.push(file);
  }
  return stale;
}
