import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { endWithToken } from './end-with-token.js';

beforeEach(() => void vi.useFakeTimers({ now: 1_000_000_000 }));
afterEach(() => void vi.useRealTimers());

const handshake = (socket: PassThrough, upgrade: string | undefined = 'WebSocket') => ({
  url: '/graphql',
  headers: upgrade === undefined ? {} : { upgrade },
  socket,
  upgrade: true,
});
const inSeconds = (seconds: number): number => 1_000_000 + seconds;

describe('endWithToken', () => {
  it('sends the close frame 1008 when the token expires, and not before', async () => {
    const socket = new PassThrough();
    endWithToken(handshake(socket), inSeconds(60));
    await vi.advanceTimersByTimeAsync(59_999);
    expect(socket.read()).toBeNull();
    await vi.advanceTimersByTimeAsync(1);
    expect([...(socket.read() as Buffer)]).toEqual([0x88, 2, 0x03, 0xf0]);
    expect(socket.destroyed).toBe(true);
  });

  it('ends a connection once, however many subscriptions it holds', async () => {
    const socket = new PassThrough();
    const end = vi.spyOn(socket, 'end');
    for (let subscription = 0; subscription < 3; subscription++)
      endWithToken(handshake(socket), inSeconds(60));
    await vi.advanceTimersByTimeAsync(120_000);
    expect(end).toHaveBeenCalledTimes(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('finds the connection under a request of Fastify, and waits longer than a timer can', async () => {
    const socket = new PassThrough();
    const days = 60 * 24 * 3_600;
    endWithToken(
      { url: '/', headers: { upgrade: 'websocket' }, raw: { socket, upgrade: true } },
      inSeconds(days),
    );
    await vi.advanceTimersByTimeAsync((days - 1) * 1_000);
    expect(socket.destroyed).toBe(false);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(socket.destroyed).toBe(true);
  });

  it('keeps no timer for a connection that is gone', async () => {
    const socket = new PassThrough();
    endWithToken(handshake(socket), inSeconds(60));
    expect(vi.getTimerCount()).toBe(1);
    socket.destroy();
    await vi.advanceTimersByTimeAsync(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('leaves the connection of a request alone that only says it is a handshake', async () => {
    const [socket, upgraded] = [new PassThrough(), new PassThrough()];
    endWithToken({ ...handshake(socket), upgrade: false }, inSeconds(1));
    endWithToken(handshake(upgraded), inSeconds(1));
    await vi.advanceTimersByTimeAsync(5_000);
    expect(socket.read()).toBeNull();
    expect([socket.destroyed, upgraded.destroyed]).toEqual([false, true]);
  });

  it.each([undefined, 'h2c'])('leaves a request with the upgrade %s alone', async (upgrade) => {
    const socket = new PassThrough();
    endWithToken({ ...handshake(socket), headers: upgrade === undefined ? {} : { upgrade } }, inSeconds(1));
    await vi.advanceTimersByTimeAsync(5_000);
    expect(socket.destroyed).toBe(false);
  });
});
