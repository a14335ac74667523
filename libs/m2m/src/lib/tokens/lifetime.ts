const defaultSeconds = 300;
const maxSeconds = 2_592_000;
const marginSeconds = 30;
const marginShare = 0.1;
const softFrom = 0.75;
const softUntil = 0.85;

/**
 * The lifetime that a token response names (RFC 6749 §5.1 `expires_in`), read conservatively: text counts where it is a
 * number; what is absent or is no number counts as 300 seconds; more than 30 days counts as 30 days.
 *
 * @returns seconds; 0 or less where the token has already ended
 */
export function lifetimeOf(expiresIn: unknown): number {
  const text =
    typeof expiresIn === 'string' && /^\d{1,15}(\.\d+)?$/.test(expiresIn.trim())
      ? Number(expiresIn)
      : expiresIn;
  if (typeof text !== 'number' || !Number.isFinite(text)) return defaultSeconds;
  return Math.min(text, maxSeconds);
}

/** How near a token may come to its end and still be used: 30 seconds, or a tenth of a short lifetime. In milliseconds. */
export const marginOf = (lifetime: number): number => Math.min(marginSeconds, lifetime * marginShare) * 1000;

/**
 * After how much of its lifetime a token is refreshed in the background, in milliseconds: 75 to 85 %, at random, so that
 * replicas do not ask at once.
 *
 * @param random from 0 to 1
 */
export const softAfter = (lifetime: number, random: number): number =>
  lifetime * (softFrom + (softUntil - softFrom) * random) * 1000;
