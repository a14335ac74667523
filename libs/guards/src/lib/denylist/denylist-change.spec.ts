import { describe, expect, it, vi } from 'vitest';
import { applyChange, type Change, clientName, readChange } from './denylist-change.js';
import { MemoryDenylist } from './memory-denylist.js';

const issuer = 'https://a.example/';

describe('a change of a denylist', () => {
  it.each<[what: string, clientId: string, issuer: string | undefined]>([
    ['a client', 'inventory', undefined],
    ['a client of one issuer', 'inventory', issuer],
    ['a client whose id looks like one with its issuer', `["inventory","${issuer}"]`, undefined],
    ['such a client of one issuer', `["inventory","${issuer}"]`, issuer],
    ['a client whose id is no JSON', '[', undefined],
  ])('names %s so that it is read as it was meant', (_what, clientId, of) => {
    const list = new MemoryDenylist();
    const deny = vi.spyOn(list, 'denyClient');
    const allow = vi.spyOn(list, 'allowClient');
    const told = (until: Change[2]): Change =>
      readChange(JSON.stringify(['clients', clientName(clientId, of), until])) as Change;
    applyChange(list, told(60));
    expect(deny).toHaveBeenCalledExactlyOnceWith(clientId, { ...(of && { issuer: of }), until: 60 });
    applyChange(list, told('allowed'));
    expect(allow).toHaveBeenCalledExactlyOnceWith(clientId, of ? { issuer: of } : {});
    expect(list.size).toBe(0);
  });

  it.each(['["[]"]', '[1]', '[', '[null,"x"]'])('takes the name %s from before for an id', (name) => {
    const list = new MemoryDenylist();
    const deny = vi.spyOn(list, 'denyClient');
    applyChange(list, ['clients', name, 'forever']);
    expect(deny).toHaveBeenCalledExactlyOnceWith(name === '["[]"]' ? '[]' : name, {});
  });

  it('never denies a token that was said to be allowed', () => {
    const list = new MemoryDenylist();
    applyChange(list, ['tokens', 'one', 'allowed']);
    expect(list.size).toBe(0);
    applyChange(list, ['tokens', 'one', 'forever']);
    expect(list.size).toBe(1);
  });
});
