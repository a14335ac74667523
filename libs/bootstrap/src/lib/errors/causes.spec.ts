import { describe, expect, it } from 'vitest';
import { causesOf } from './causes.js';

const caused = (message: string, cause?: unknown): Error => new Error(message, { cause });

describe('causesOf', () => {
  it('names the causes of an error, the nearest first, without their stacks', () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:4100'), { code: 'ECONNREFUSED' });
    const error = caused('unavailable', caused('the keys cannot be had', caused('fetch failed', refused)));

    expect(causesOf(error)).toBe('the keys cannot be had: fetch failed: connect ECONNREFUSED 127.0.0.1:4100');
  });

  it('adds a code that the message does not have, and says nothing twice', () => {
    const timeout = Object.assign(new Error('too late'), { code: 'ETIMEDOUT' });

    expect(causesOf(caused('a', caused('failed', caused('failed', timeout))))).toBe(
      'failed: too late (ETIMEDOUT)',
    );
  });

  it('has nothing to say of an error without a cause, or with one that is no error', () => {
    expect(causesOf(caused('a'))).toBeUndefined();
    expect(causesOf(caused('a', 'text'))).toBeUndefined();
  });

  it('is bounded, whatever the causes are', () => {
    const circle = caused('b');
    circle.cause = caused('x'.repeat(10_000), circle);

    expect(causesOf(circle)?.length).toBeLessThan(1_600);
  });
});
