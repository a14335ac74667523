import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { KeySetEvent } from './key-set-event.js';
import { KeySetLog } from './key-set-log.js';

const issuer = 'https://issuer.example/';
const refreshed: KeySetEvent = { type: 'refreshed', issuer, keys: 1, added: 1, removed: 0, durationMs: 5 };
const failed = (usable: boolean): KeySetEvent => ({
  type: 'failed',
  issuer,
  usable,
  retryInMs: 1_000,
  error: new Error('the issuer answered 502'),
});

describe('the log of a key set', () => {
  let lines: string[];
  let log: KeySetLog;

  beforeEach(() => {
    lines = [];
    log = new KeySetLog();
    for (const level of ['log', 'warn', 'error'] as const)
      vi.spyOn(Logger.prototype, level).mockImplementation((line) => void lines.push(`${level} ${line}`));
  });
  afterEach(() => void vi.restoreAllMocks());

  it('says nothing of keys that come as they should', () => {
    log.note(refreshed);
    log.note(refreshed);
    expect(lines).toEqual([]);
  });

  it('says once why there are none, and once that they are back', () => {
    for (const event of [failed(false), failed(false), refreshed, refreshed]) log.note(event);
    expect(lines).toEqual([
      `error the keys of ${issuer} cannot be fetched, its tokens are answered 503: the issuer answered 502`,
      `log the keys of ${issuer} can be fetched again`,
    ]);
  });

  it('says when the keys from before are still in use, and when they no longer are', () => {
    for (const event of [refreshed, failed(true), failed(true), failed(false)]) log.note(event);
    expect(lines).toEqual([
      `warn the keys of ${issuer} cannot be fetched, those from before stay in use: the issuer answered 502`,
      `error the keys of ${issuer} cannot be fetched, its tokens are answered 503: the issuer answered 502`,
    ]);
  });

  it('keeps issuers apart', () => {
    log.note(failed(false));
    log.note({ ...failed(false), issuer: 'https://other.example/' });
    expect(lines).toHaveLength(2);
  });
});
