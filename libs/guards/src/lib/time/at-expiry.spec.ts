import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { atExpiry } from './at-expiry.js';

const DAY = 86_400;

beforeEach(() => void vi.useFakeTimers({ now: 0 }));
afterEach(() => void vi.useRealTimers());

describe('atExpiry', () => {
  it.each([
    ['a minute', 60],
    ['longer than one timer can wait', 40 * DAY],
  ])('calls back once after %s, and not before', (_what, seconds) => {
    const expired = vi.fn();
    atExpiry(seconds, expired);
    vi.advanceTimersByTime(seconds * 1_000 - 1);
    expect(expired).not.toHaveBeenCalled();
    vi.advanceTimersByTime(DAY * 1_000);
    expect(expired).toHaveBeenCalledOnce();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('calls back at once for what is past its time', () => {
    const expired = vi.fn();
    atExpiry(0, expired);
    expect(expired).toHaveBeenCalledOnce();
  });

  it('leaves no timer behind when it is taken back', () => {
    const expired = vi.fn();
    atExpiry(60, expired)();
    expect(vi.getTimerCount()).toBe(0);
    vi.advanceTimersByTime(DAY * 1_000);
    expect(expired).not.toHaveBeenCalled();
  });
});
