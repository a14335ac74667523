import { z } from 'zod';

const common = {
  /** Only requests of this client; default those of all. */
  client_id: z.string().max(200).optional(),
  /** How many requests it meets; default each one until it ends. */
  times: z.int().min(1).max(1_000_000).optional(),
  /** Seconds until it ends by itself. */
  seconds: z.int().min(1).max(3_600).default(600),
};
const endpoint = z.enum(['token', 'jwks']).default('token');

/** Something that goes wrong on purpose. */
export const fault = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('latency'),
    endpoint,
    milliseconds: z.int().min(1).max(60_000),
    ...common,
  }),
  z.strictObject({
    kind: z.literal('rate-limit'),
    endpoint,
    retry_after: z.int().min(0).max(3_600).default(1),
    ...common,
  }),
  z.strictObject({ kind: z.literal('error'), endpoint, ...common }),
  z.strictObject({ kind: z.literal('hang'), endpoint, ...common }),
  z.strictObject({ kind: z.literal('broken-jwks'), ...common }),
  z.strictObject({ kind: z.literal('unknown-kid'), ...common }),
  z.strictObject({
    kind: z.literal('skewed-clock'),
    /** Seconds that the issuer's clock is ahead; negative where it is behind. */
    skew: z.int().min(-31_536_000).max(31_536_000),
    ...common,
  }),
]);

/** A parsed {@link fault}. */
export type Fault = z.infer<typeof fault>;
