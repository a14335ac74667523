import { describe, expect, it } from 'vitest';
import { retryAfterOf } from './retry-after.js';

const now = Date.UTC(2026, 0, 1, 12);
const read = (retryAfter: string, date?: string) =>
  retryAfterOf(new Headers({ 'retry-after': retryAfter, ...(date && { date }) }), now);

describe('Retry-After', () => {
  it.each([
    ['seconds', '120', 120],
    ['zero', '0', 0],
    ['spaces around', ' 5 ', 5],
    ['a date', 'Thu, 01 Jan 2026 12:02:00 GMT', 120],
    ['a date that has passed', 'Thu, 01 Jan 2026 11:00:00 GMT', 0],
  ])('%s', (_name, value, seconds) => {
    expect(read(value)).toBe(seconds);
  });

  it('a date is compared with the clock of who sent it', () => {
    expect(read('Thu, 01 Jan 2026 15:00:30 GMT', 'Thu, 01 Jan 2026 15:00:00 GMT')).toBe(30);
  });

  it.each(['', '-5', '1.5', '1e3', 'soon', '2026-01-01'])('what is neither counts as absent: "%s"', (value) =>
    expect(read(value)).toBeUndefined(),
  );

  it('a date that is none counts as absent', () => {
    expect(read('Thu, 99 Jan 2026 12:02:00 GMT')).toBeUndefined();
    expect(retryAfterOf(new Headers(), now)).toBeUndefined();
  });
});
