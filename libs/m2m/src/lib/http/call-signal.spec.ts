import { describe, expect, it } from 'vitest';
import { CallSignal } from './call-signal.js';

const reason = new Error('over');

describe('CallSignal', () => {
  it('tells who listens, once and with the first reason', () => {
    const signal = new CallSignal();
    let heard = 0;
    signal.addEventListener('abort', () => heard++);
    signal.abort(reason);
    signal.abort(new Error('again'));
    expect([heard, signal.aborted, signal.reason]).toEqual([1, true, reason]);
  });

  it('does not tell who has stopped listening', () => {
    const signal = new CallSignal();
    let heard = 0;
    const listener = (): void => void heard++;
    signal.addEventListener('abort', listener);
    signal.removeEventListener('abort', listener);
    signal.abort(reason);
    expect(heard).toBe(0);
  });

  it('throws its reason, and nothing before', () => {
    const signal = new CallSignal();
    signal.throwIfAborted();
    signal.abort(reason);
    expect(() => signal.throwIfAborted()).toThrow(reason);
  });

  it.each(['before', 'after'])('is an AbortSignal as well, asked for %s it is over', (when) => {
    const signal = new CallSignal();
    const early = when === 'before' ? signal.native : undefined;
    expect(early?.aborted ?? false).toBe(false);
    signal.abort(reason);
    expect(signal.native).toBeInstanceOf(AbortSignal);
    expect([signal.native.aborted, signal.native.reason]).toEqual([true, reason]);
    expect(early ?? signal.native).toBe(signal.native);
  });
});
