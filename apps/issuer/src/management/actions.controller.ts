import { RequireScopes } from '@countersign/guards';
import { Body, Delete, Get, HttpCode, Inject, Param, Patch, Post, Query } from '@nestjs/common';
import { z } from 'zod';
import { Issuer } from '../issuer.js';
import { randomId, timestamp } from '../store/identifiers.js';
import type { ActionTable } from '../store/schema.js';
import {
  actionChanges,
  actionCreation,
  actionSecrets,
  actionSettings,
  actionView,
  type ActionChanges,
} from './action-view.js';
import { found } from './look-up.js';
import { ManagementController } from './management-controller.decorator.js';
import { conflict } from './management.error.js';
import { numberedPage, pageQuery, type PageQuery } from './paging.js';

const listQuery = pageQuery.extend({
  triggerId: z.string().max(100).optional(),
  actionName: z.string().max(100).optional(),
  deployed: z.enum(['true', 'false']).optional(),
});
const removal = z.object({ force: z.enum(['true', 'false']).default('false') });

/** Actions of the management API (`/api/v2/actions/actions`). What is deployed and bound runs before each token. */
@ManagementController('api/v2/actions/actions')
export class ActionsController {
  constructor(@Inject(Issuer) private readonly issuer: Issuer) {}

  @Get()
  @RequireScopes('read:actions')
  async list(@Query({ schema: listQuery }) query: PageQuery & z.infer<typeof listQuery>): Promise<unknown> {
    const rows = await this.issuer.store.db
      .selectFrom('actions')
      .selectAll()
      .orderBy('created_at')
      .orderBy('id')
      .execute();
    const shown = rows.filter(
      ({ name, deployed_code }) =>
        (query.actionName ?? name) === name &&
        (query.deployed === undefined || (query.deployed === 'true') === (deployed_code !== null)) &&
        (query.triggerId ?? 'credentials-exchange') === 'credentials-exchange',
    );
    return numberedPage(
      'actions',
      shown.map((row) => this.#view(row)),
      query,
    );
  }

  @Get(':id')
  @RequireScopes('read:actions')
  async one(@Param('id') id: string): Promise<unknown> {
    return this.#view(await this.#find(id));
  }

  @Post()
  @RequireScopes('create:actions')
  async create(@Body({ schema: actionCreation }) body: z.infer<typeof actionCreation>): Promise<unknown> {
    const id = randomId(24);
    const now = timestamp();
    const row: ActionTable = {
      id,
      name: body.name,
      code: body.code ?? '',
      secrets: this.#seal(id, actionSecrets(body.secrets, {})),
      settings: actionSettings(body),
      deployed_code: null,
      deployed_secrets: null,
      version: 0,
      deployed_at: null,
      position: null,
      display_name: null,
      created_at: now,
      updated_at: now,
    };
    const inserted = await this.issuer.store.change((transaction) =>
      transaction
        .insertInto('actions')
        .values(row)
        .onConflict((clash) => clash.doNothing())
        .executeTakeFirstOrThrow(),
    );
    if (inserted.numInsertedOrUpdatedRows !== 1n) throw nameTaken(body.name);
    return this.#view(row);
  }

  @Patch(':id')
  @RequireScopes('update:actions')
  async update(
    @Param('id') id: string,
    @Body({ schema: actionChanges }) body: ActionChanges,
  ): Promise<unknown> {
    const row = await this.#find(id);
    const values = {
      ...(body.name !== undefined && { name: body.name }),
      ...(body.code !== undefined && { code: body.code }),
      secrets: this.#seal(id, actionSecrets(body.secrets, this.#secrets(row))),
      settings: actionSettings(body, row.settings),
      updated_at: timestamp(),
    };
    await this.issuer.store.change(async (transaction) => {
      const other = await transaction
        .selectFrom('actions')
        .select('id')
        .where('name', '=', values.name ?? row.name)
        .where('id', '!=', id)
        .executeTakeFirst();
      if (other) throw nameTaken(values.name ?? row.name);
      await transaction.updateTable('actions').set(values).where('id', '=', id).execute();
    });
    return this.#view({ ...row, ...values });
  }

  @Delete(':id')
  @HttpCode(204)
  @RequireScopes('delete:actions')
  async remove(
    @Param('id') id: string,
    @Query({ schema: removal }) { force }: z.infer<typeof removal>,
  ): Promise<void> {
    const row = await this.#find(id);
    if (row.position !== null && force === 'false')
      throw conflict('The action is bound to a trigger. Unbind it first, or set force=true.');
    await this.issuer.store.change((transaction) =>
      transaction.deleteFrom('actions').where('id', '=', id).execute(),
    );
  }

  /** From now on the draft is what runs, where the Action is bound. */
  @Post(':id/deploy')
  @HttpCode(202)
  @RequireScopes('create:actions')
  async deploy(@Param('id') id: string): Promise<unknown> {
    const row = await this.#find(id);
    const values = {
      deployed_code: row.code,
      deployed_secrets: row.secrets,
      version: row.version + 1,
      deployed_at: timestamp(),
    };
    await this.issuer.store.change((transaction) =>
      transaction.updateTable('actions').set(values).where('id', '=', id).execute(),
    );
    return this.#view({ ...row, ...values }).deployed_version;
  }

  async #find(id: string): Promise<ActionTable> {
    const row = await this.issuer.store.db
      .selectFrom('actions')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst();
    return found(row, 'action');
  }

  #seal(id: string, secrets: Readonly<Record<string, string>>): string {
    return this.issuer.vault.seal(JSON.stringify(secrets), id);
  }

  #secrets(row: ActionTable): Record<string, string> {
    return JSON.parse(this.issuer.vault.open(row.secrets, row.id)) as Record<string, string>;
  }

  #view(row: ActionTable) {
    return actionView(row, Object.keys(this.#secrets(row)));
  }
}

const nameTaken = (name: string) => conflict(`There is an action named '${name}' already.`);
