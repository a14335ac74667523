import { z } from 'zod';

/** Largest line of a process that runs an Action, in bytes: 100 kB of answer, 100 kB of log, and their escapes. */
export const maxLine = 1_000_000;

const failure = z.object({ message: z.string().max(1_000), stack: z.string().max(5_000).default('') });

/** What an Action stores for its next runs, in the trigger's cache. */
export const cacheEntry = z.object({
  key: z.string().max(64),
  record: z.object({ value: z.string().max(4_096), expires_at: z.number() }),
});

/** One entry of the trigger's cache. */
export type CacheEntry = z.infer<typeof cacheEntry>;

const answer = z.object({
  id: z.int(),
  claims: z.record(z.string().max(1_000), z.json()),
  scopes: z.array(z.string().max(300)).max(1_000).optional(),
  denied: z.object({ code: z.string().max(100), reason: z.string().max(500) }).optional(),
  cache: z.array(cacheEntry).max(20),
  log: z.string().max(100_000),
});

/** What one run of an Action asks for. */
export type ActionAnswer = z.infer<typeof answer>;

/** A line that a process which runs an Action may send. What the Action itself could have forged is worth no more. */
export const hostMessage = z.union([
  answer,
  z.object({ id: z.int(), error: failure, log: z.string().max(100_000) }),
  z.object({ idle: z.int() }),
  z.object({ loaded: z.literal(true) }),
  z.object({ loaded: z.literal(false), error: failure }),
]);

/** A parsed {@link hostMessage}. */
export type HostMessage = z.infer<typeof hostMessage>;
