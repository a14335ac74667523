import { RequireScopes } from '@countersign/guards';
import { Body, Delete, Get, HttpCode, Inject, Param, Patch, Post, Query } from '@nestjs/common';
import { z } from 'zod';
import { Issuer } from '../issuer.js';
import { randomId, timestamp } from '../store/identifiers.js';
import type { OrganizationTable } from '../store/schema.js';
import { grantView } from './client-grants.controller.js';
import { found } from './look-up.js';
import { ManagementController } from './management-controller.decorator.js';
import { conflict } from './management.error.js';
import { page, pageQuery, type PageQuery } from './paging.js';

const name = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,49}$/, 'must have 1 to 50 lower-case letters, digits, _ and -');
const changes = z.looseObject({
  name: name.optional(),
  display_name: z.string().max(255).optional(),
  metadata: z.record(z.string().max(255), z.string().max(255)).optional(),
});
const creation = changes.extend({ name });
const association = z.object({ grant_id: z.string().max(100) });

/** Organizations, and the client grants that cover them (`/api/v2/organizations`). */
@ManagementController('api/v2/organizations')
export class OrganizationsController {
  constructor(@Inject(Issuer) private readonly issuer: Issuer) {}

  @Get()
  @RequireScopes('read:organizations')
  async list(@Query({ schema: pageQuery }) query: PageQuery): Promise<unknown> {
    const rows = await this.issuer.store.db
      .selectFrom('organizations')
      .selectAll()
      .orderBy('created_at')
      .orderBy('id')
      .execute();
    return page('organizations', rows.map(view), query, ({ id }) => id);
  }

  @Get(':id')
  @RequireScopes('read:organizations')
  async one(@Param('id') id: string): Promise<unknown> {
    return view(await this.#find(id));
  }

  @Post()
  @RequireScopes('create:organizations')
  async create(@Body({ schema: creation }) body: z.infer<typeof creation>): Promise<unknown> {
    const row: OrganizationTable = {
      id: `org_${randomId(16)}`,
      name: body.name,
      settings: settings(body),
      created_at: timestamp(),
    };
    const inserted = await this.issuer.store.change((transaction) =>
      transaction
        .insertInto('organizations')
        .values(row)
        .onConflict((clash) => clash.doNothing())
        .executeTakeFirstOrThrow(),
    );
    if (inserted.numInsertedOrUpdatedRows !== 1n) throw nameTaken(body.name);
    return view(row);
  }

  @Patch(':id')
  @RequireScopes('update:organizations')
  async update(
    @Param('id') id: string,
    @Body({ schema: changes }) body: z.infer<typeof changes>,
  ): Promise<unknown> {
    const row = await this.#find(id);
    const values = { name: body.name ?? row.name, settings: settings(body, row.settings) };
    await this.issuer.store.change(async (transaction) => {
      const other = await transaction
        .selectFrom('organizations')
        .select('id')
        .where('name', '=', values.name)
        .where('id', '!=', id)
        .executeTakeFirst();
      if (other) throw nameTaken(values.name);
      await transaction.updateTable('organizations').set(values).where('id', '=', id).execute();
    });
    return view({ ...row, ...values });
  }

  @Delete(':id')
  @HttpCode(204)
  @RequireScopes('delete:organizations')
  async remove(@Param('id') id: string): Promise<void> {
    await this.#find(id);
    await this.issuer.store.change(async (transaction) => {
      await transaction.deleteFrom('organization_grants').where('organization_id', '=', id).execute();
      await transaction.deleteFrom('organizations').where('id', '=', id).execute();
    });
  }

  @Get(':id/client-grants')
  @RequireScopes('read:organization_client_grants')
  async grants(@Param('id') id: string, @Query({ schema: pageQuery }) query: PageQuery): Promise<unknown> {
    await this.#find(id);
    const rows = await this.issuer.store.db
      .selectFrom('client_grants')
      .innerJoin('organization_grants', 'organization_grants.grant_id', 'client_grants.id')
      .where('organization_grants.organization_id', '=', id)
      .selectAll('client_grants')
      .orderBy('created_at')
      .execute();
    return page('client_grants', rows.map(grantView), query, ({ id: grantId }) => grantId);
  }

  @Post(':id/client-grants')
  @RequireScopes('create:organization_client_grants')
  async associate(
    @Param('id') id: string,
    @Body({ schema: association }) { grant_id }: z.infer<typeof association>,
  ): Promise<unknown> {
    await this.#find(id);
    const grant = await this.issuer.store.db
      .selectFrom('client_grants')
      .selectAll()
      .where('id', '=', grant_id)
      .executeTakeFirst();
    const row = found(grant, 'client_grant');
    await this.issuer.store.change((transaction) =>
      transaction
        .insertInto('organization_grants')
        .values({ organization_id: id, grant_id })
        .onConflict((clash) => clash.doNothing())
        .execute(),
    );
    return grantView(row);
  }

  @Delete(':id/client-grants/:grantId')
  @HttpCode(204)
  @RequireScopes('delete:organization_client_grants')
  async dissociate(@Param('id') id: string, @Param('grantId') grantId: string): Promise<void> {
    await this.issuer.store.change((transaction) =>
      transaction
        .deleteFrom('organization_grants')
        .where('organization_id', '=', id)
        .where('grant_id', '=', grantId)
        .execute(),
    );
  }

  async #find(id: string): Promise<OrganizationTable> {
    const row = await this.issuer.store.db
      .selectFrom('organizations')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst();
    return found(row, 'organization');
  }
}

function settings({ display_name, metadata }: z.infer<typeof changes>, before = '{}'): string {
  return JSON.stringify({
    ...(JSON.parse(before) as object),
    ...(display_name !== undefined && { display_name }),
    ...(metadata && { metadata }),
  });
}

const view = (row: OrganizationTable) => ({
  display_name: row.name,
  ...(JSON.parse(row.settings) as object),
  id: row.id,
  name: row.name,
});

const nameTaken = (taken: string) => conflict(`There is an organization named '${taken}' already.`);
