import { RequireScopes } from '@countersign/guards';
import { Body, Get, Inject, Param, Patch, Query } from '@nestjs/common';
import { z } from 'zod';
import { maxActions, trigger } from '../actions/action.js';
import { Issuer } from '../issuer.js';
import type { ActionTable } from '../store/schema.js';
import { actionView } from './action-view.js';
import { found } from './look-up.js';
import { ManagementController } from './management-controller.decorator.js';
import { inexistent, ManagementError } from './management.error.js';
import { numberedPage, pageQuery, type PageQuery } from './paging.js';

const bindingsBody = z.object({
  bindings: z
    .array(
      z.looseObject({
        ref: z.object({
          type: z.enum(['action_id', 'action_name', 'binding_id']),
          value: z.string().max(100),
        }),
        display_name: z.string().max(200).optional(),
      }),
    )
    .max(maxActions),
});

/** Triggers and what is bound to them (`/api/v2/actions/triggers`). There is one: `credentials-exchange`. */
@ManagementController('api/v2/actions/triggers')
export class TriggersController {
  constructor(@Inject(Issuer) private readonly issuer: Issuer) {}

  @Get()
  @RequireScopes('read:actions')
  list(): unknown {
    const runtimes = ['node18-actions', 'node22'];
    const only = { id: trigger, version: 'v2', status: 'CURRENT', runtimes, default_runtime: 'node22' };
    return { triggers: [{ ...only, binding_policy: 'trigger-bound', compatible_triggers: [] }] };
  }

  @Get(':id/bindings')
  @RequireScopes('read:actions')
  async bindings(@Param('id') id: string, @Query({ schema: pageQuery }) query: PageQuery): Promise<unknown> {
    requireTrigger(id);
    return numberedPage('bindings', (await this.#bound()).map(bindingView), query);
  }

  /** What is not among the bindings of the request is not bound any more. */
  @Patch(':id/bindings')
  @RequireScopes('update:actions')
  async bind(
    @Param('id') id: string,
    @Body({ schema: bindingsBody }) { bindings }: z.infer<typeof bindingsBody>,
  ): Promise<unknown> {
    requireTrigger(id);
    await this.issuer.store.change(async (transaction) => {
      const rows = await transaction.selectFrom('actions').selectAll().execute();
      const wanted = bindings.map(({ ref, display_name }) => {
        const row = rows.find(
          ({ id: actionId, name }) => (ref.type === 'action_name' ? name : actionId) === ref.value,
        );
        return { row: deployed(found(row, 'action')), display_name };
      });
      if (new Set(wanted.map(({ row }) => row.id)).size < wanted.length)
        throw new ManagementError(400, 'invalid_body', 'An action is bound at most once.');
      await transaction.updateTable('actions').set({ position: null, display_name: null }).execute();
      for (const [position, { row, display_name }] of wanted.entries()) {
        await transaction
          .updateTable('actions')
          .set({ position, display_name: display_name ?? row.name })
          .where('id', '=', row.id)
          .execute();
      }
    });
    return { bindings: (await this.#bound()).map(bindingView) };
  }

  #bound(): Promise<ActionTable[]> {
    return this.issuer.store.db
      .selectFrom('actions')
      .selectAll()
      .where('position', 'is not', null)
      .orderBy('position')
      .execute();
  }
}

function requireTrigger(id: string): void {
  if (id !== trigger) throw inexistent('trigger');
}

function deployed(row: ActionTable): ActionTable {
  if (row.deployed_code !== null) return row;
  throw new ManagementError(400, 'invalid_body', `The action '${row.name}' is not deployed.`);
}

const bindingView = (row: ActionTable) => ({
  id: row.id,
  trigger_id: trigger,
  display_name: row.display_name,
  action: actionView(row, []),
  created_at: row.created_at,
  updated_at: row.updated_at,
});
