import { ConsoleLogger } from '@nestjs/common';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { EventRecord } from './event-record.js';

const audience = 'https://inventory.example';
const minted = new EventRecord('token minted', {
  type: 'minted',
  audience,
  duration: 12,
  lifetime: 3_600,
  refresh: false,
  quota: [{ name: 'per_day', quota: 10, remaining: 9, resetAfter: 60 }],
});

afterEach(() => vi.restoreAllMocks());

describe('an event in the log', () => {
  it('is one line of text for Nest’s own logger', () => {
    const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    new ConsoleLogger('M2mTokens', { colors: false }).log(minted);
    expect(write.mock.calls.map(([line]) => String(line).replace(/^.*\[M2mTokens\] /s, ''))).toEqual([
      `token minted (audience ${audience}, duration 12, lifetime 3600, refresh false)\n`,
    ]);
  });

  it('repeats no message and needs no details', () => {
    const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    new ConsoleLogger('M2mTokens', { colors: false }).log(
      new EventRecord('it is back', { type: 'store_back' }),
    );
    expect(String(write.mock.calls[0]?.[0])).toMatch(/\[M2mTokens\] it is back\n$/);
  });

  it('has its fields for a logger that writes them', () => {
    expect({ ...minted }).toMatchObject({ msg: 'token minted', type: 'minted', audience, lifetime: 3_600 });
    expect(JSON.parse(JSON.stringify(minted))).toEqual({ ...minted });
  });
});
