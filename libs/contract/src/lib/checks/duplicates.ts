import { type DistinctMember, errorAt, listNames, type JointCheck } from './check.js';

/** What no two contracts may share, and what that is good for. */
const distinct = {
  service: ['service_duplicate', 'A service name is one client_id'],
  audience: ['audience_duplicate', 'A token for one service would be good at the other'],
  port: ['port_duplicate', 'Two services cannot listen on one port'],
} as const satisfies Record<DistinctMember, [string, string]>;

/** No two contracts share a service name, an audience or a port. */
export const duplicates: JointCheck = function* (loaded, { sharing }) {
  for (const member of ['service', 'audience', 'port'] as const) {
    const value = loaded.contract[member];
    if (value === undefined) continue;
    const others = (sharing[member].get(value) ?? []).filter((other) => other !== loaded);
    if (others.length === 0) continue;
    const [code, reason] = distinct[member];
    const files = listNames(others.map(({ file }) => file));
    yield errorAt(loaded, [member], code, `${reason}: ${value} is also in ${files}. Change one of them.`);
  }
};
