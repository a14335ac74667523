import { readFileSync } from 'node:fs';
import { readJson, type Tree } from '@nx/devkit';
import { z } from 'zod';

/** What each generator leaves in the `package.json` of what it made, so that later ones know it again. */
export const stampSchema = z.object({
  /** What was made. */
  kind: z.enum(['service', 'client']),
  /** Version of this package that made it, or brought it up to date. */
  version: z.string(),
  /** How other services reach it. */
  transport: z.enum(['http', 'nats', 'tcp', 'grpc']).default('http'),
  /** Its HTTP framework. */
  adapter: z.enum(['fastify', 'express']).default('fastify'),
  /** Its first resource, where that is still what was generated. */
  resource: z.string().optional(),
});

/** A stamp as it is read. */
export type Stamp = z.output<typeof stampSchema>;

/** The version of this package. */
export const pluginVersion = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))).version;

/** The stamp of an app; nothing where no generator made it. */
export function stampOf(tree: Tree, root: string): Stamp | undefined {
  if (!tree.exists(`${root}/package.json`)) return undefined;
  const { countersign } = readJson<{ countersign?: unknown }>(tree, `${root}/package.json`);
  return stampSchema.safeParse(countersign).data;
}
