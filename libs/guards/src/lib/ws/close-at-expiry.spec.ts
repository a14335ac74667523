import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { closeAtExpiry } from './close-at-expiry.js';

const DAY = 86_400;

describe('closeAtExpiry', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: 0 });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  function connection() {
    let closed: () => void = () => undefined;
    const client = { close: vi.fn(), once: (_: 'close', listener: () => void) => (closed = listener) };
    return { client, hangUp: () => closed() };
  }

  it('closes when the token expires, and not before', () => {
    const { client } = connection();
    closeAtExpiry(client, 60);
    vi.advanceTimersByTime(59_999);
    expect(client.close).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(client.close).toHaveBeenCalledExactlyOnceWith(1008, 'token_expired');
  });

  it('waits longer than one timer can', () => {
    const { client } = connection();
    closeAtExpiry(client, 40 * DAY);
    vi.advanceTimersByTime(39 * DAY * 1000);
    expect(client.close).not.toHaveBeenCalled();
    vi.advanceTimersByTime(DAY * 1000);
    expect(client.close).toHaveBeenCalledOnce();
  });

  it('closes at once what is past its time', () => {
    const { client } = connection();
    closeAtExpiry(client, -1);
    expect(client.close).toHaveBeenCalledOnce();
  });

  it('leaves no timer behind a connection that was closed', () => {
    const { client, hangUp } = connection();
    closeAtExpiry(client, 60);
    hangUp();
    expect(vi.getTimerCount()).toBe(0);
  });
});
