import { join, resolve } from 'node:path';
import { z } from 'zod';
import { isGrant, parseGrants, type ActionGrants } from '../actions/action-grants.js';
import { findWorkspaceRoot } from './workspace-root.js';

/** Where Actions come from, and what they may do. */
export interface ActionsOptions {
  /** Folder of the `*.js` files. `ISSUER_ACTIONS`, default `actions/` in the workspace. */
  readonly folder: string;
  /** What they may reach. `ISSUER_ACTIONS_ALLOW`, default nothing. */
  readonly grants: ActionGrants;
  /** Longest run of one Action, in milliseconds. `ISSUER_ACTIONS_TIMEOUT` in seconds, default 20. */
  readonly timeout: number;
}

/**
 * The environment of the Actions.
 *
 * @param appFolder where the app runs from; decides which workspace it belongs to
 */
export function actionsEnv(appFolder: string) {
  const base = findWorkspaceRoot(appFolder) ?? process.cwd();
  return z
    .object({
      ISSUER_ACTIONS: z.string().default(join(base, 'actions')),
      ISSUER_ACTIONS_ALLOW: z
        .string()
        .default('')
        .transform((text) => text.split(',').flatMap((part) => part.trim() || []))
        .refine(
          (parts) => parts.every(isGrant),
          'must list names of globals such as fetch, require:<module>, env:<name> or read:<path>, separated by commas',
        ),
      ISSUER_ACTIONS_TIMEOUT: z
        .string()
        .regex(/^(?:[1-9]|[1-5]\d|60)$/, 'must be a whole number of seconds from 1 to 60')
        .transform(Number)
        .default(20),
    })
    .transform((env): ActionsOptions => ({
      folder: resolve(base, env.ISSUER_ACTIONS),
      grants: parseGrants(env.ISSUER_ACTIONS_ALLOW),
      timeout: env.ISSUER_ACTIONS_TIMEOUT * 1_000,
    }));
}
