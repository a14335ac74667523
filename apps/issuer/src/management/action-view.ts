import { z } from 'zod';
import { maxCodeSize, trigger } from '../actions/action.js';
import type { ActionTable } from '../store/schema.js';

const secret = z.object({ name: z.string().min(1).max(128), value: z.string().max(4_096).optional() });

/** What may be said about an Action. */
export const actionChanges = z.looseObject({
  name: z
    .string()
    .regex(/^[\w][\w .:-]{0,99}$/, 'must have 1 to 100 letters, digits, spaces, dots, colons and hyphens')
    .optional(),
  code: z.string().max(maxCodeSize).optional(),
  secrets: z.array(secret).max(50).optional(),
  supported_triggers: z
    .array(z.looseObject({ id: z.literal(trigger), version: z.string().max(10).optional() }))
    .length(1)
    .optional(),
  dependencies: z
    .array(z.looseObject({ name: z.string().max(214) }))
    .max(50)
    .optional(),
  runtime: z.string().max(30).optional(),
});

/** What must be said about a new Action. */
export const actionCreation = actionChanges.required({ name: true, supported_triggers: true });

/** Parsed {@link actionChanges}. */
export type ActionChanges = z.infer<typeof actionChanges>;

/** What the settings of an Action keep of a request. */
export function actionSettings(
  { dependencies, runtime, supported_triggers }: ActionChanges,
  before = '{}',
): string {
  return JSON.stringify({
    ...(JSON.parse(before) as object),
    ...(dependencies && { dependencies }),
    ...(runtime !== undefined && { runtime }),
    ...(supported_triggers && { supported_triggers }),
  });
}

/**
 * The secrets of an Action after a request: those it names, where one without a value keeps the value that it has.
 *
 * @param present by name
 */
export function actionSecrets(
  given: ActionChanges['secrets'],
  present: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  if (!given) return present;
  return Object.fromEntries(given.map(({ name, value }) => [name, value ?? present[name] ?? '']));
}

/**
 * An Action as the management API shows it: of its secrets the names.
 *
 * @param secretNames names of its secrets
 */
export function actionView(row: ActionTable, secretNames: readonly string[]) {
  const settings = JSON.parse(row.settings) as object;
  const deployed = row.deployed_code !== null;
  const version = deployed && {
    id: `${row.id}-${row.version}`,
    action_id: row.id,
    code: row.deployed_code,
    number: row.version,
    deployed: true,
    status: 'built',
    built_at: row.deployed_at,
    created_at: row.deployed_at,
    updated_at: row.deployed_at,
  };
  return {
    dependencies: [],
    runtime: 'node22',
    ...settings,
    id: row.id,
    name: row.name,
    code: row.code,
    secrets: secretNames.map((name) => ({ name, updated_at: row.updated_at })),
    status: 'built',
    installed_integration_id: null,
    created_at: row.created_at,
    updated_at: row.updated_at,
    all_changes_deployed: deployed && row.code === row.deployed_code,
    ...(version && { deployed_version: version }),
  };
}
