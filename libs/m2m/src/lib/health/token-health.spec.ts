import { describe, expect, it } from 'vitest';
import type { TokenStats } from '../tokens/token-stats.js';
import { tokenHealth } from './token-health.js';

const counts = { audience: 'a', minted: 1, served: 0, saved: 0, refreshed: 0, failed: 0 };
const stats = (rest: Pick<TokenStats, 'usableFor' | 'lastError'>): TokenStats => ({ ...counts, ...rest });

describe('the health of the tokens of an audience', () => {
  it.each([
    [{ usableFor: 2_859 }, 'up', 'usable for 47 min'],
    [{ usableFor: 90 }, 'up', 'usable for 90 s'],
    [{ usableFor: 86_400 }, 'up', 'usable for 24 h'],
    [
      { usableFor: 2_859, lastError: 'issuer_unreachable' },
      'degraded',
      'usable for 47 min, issuer_unreachable',
    ],
    [{ usableFor: 0, lastError: 'grant_missing' }, 'down', 'none, grant_missing'],
    [{ usableFor: 0 }, 'up', 'none'],
  ] as const)('%o is %s', (state, status, text) => {
    expect(tokenHealth(stats(state))).toEqual({ status, text });
  });
});
