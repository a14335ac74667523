import type { TokenStats } from '../tokens/token-stats.js';

/**
 * How it is with the tokens of one audience: `up`; `degraded` where no other can be had and the one that is held can
 * still be used; `down` where there is none to use.
 */
export interface TokenHealth {
  readonly status: 'up' | 'degraded' | 'down';
  /** In words: `usable for 47 min, issuer_unreachable`. */
  readonly text: string;
}

/** Reads the health of an audience off what happened to it. */
export function tokenHealth({ usableFor, lastError }: TokenStats): TokenHealth {
  const usable = usableFor > 0 ? `usable for ${inWords(usableFor)}` : 'none';
  if (lastError === undefined) return { status: 'up', text: usable };
  return { status: usableFor > 0 ? 'degraded' : 'down', text: `${usable}, ${lastError}` };
}

function inWords(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  return seconds < 7_200 ? `${Math.floor(seconds / 60)} min` : `${Math.floor(seconds / 3_600)} h`;
}
