import { describe, expect, it } from 'vitest';
import { coldStart } from './groups/cold-start.group.js';
import { batteryFor } from './run-auth-conformance.js';

describe('the refusal battery', () => {
  const groups = [...batteryFor({}), coldStart];
  const ids = groups.flatMap((group) =>
    [...(group.refusals ?? []), ...(group.scenarios ?? [])].map(({ id }) => id),
  );

  it('has at least 400 cases', () => {
    expect(ids.length).toBeGreaterThanOrEqual(400);
  });

  it('names each case once', () => {
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  });
});
