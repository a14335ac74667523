import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { within } from './within.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('within', () => {
  it('answers what comes in time, and leaves no timer behind', async () => {
    await expect(within(1_000, 'Redis', Promise.resolve('OK'))).resolves.toBe('OK');
    await expect(within(1_000, 'Redis', Promise.reject(new Error('READONLY')))).rejects.toThrow('READONLY');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('gives up when the time is up, whatever comes later', async () => {
    let fail: ((error: Error) => void) | undefined;
    const late = new Promise<string>((_resolve, reject) => (fail = reject));
    const waiting = expect(within(1_000, 'Redis', late)).rejects.toThrow(
      'Redis did not answer within 1000 ms',
    );
    await vi.advanceTimersByTimeAsync(1_000);
    await waiting;
    fail?.(new Error('late'));
    await vi.advanceTimersByTimeAsync(0);
  });
});
