import { RequireScopes } from '@countersign/guards';
import { Body, Delete, Get, HttpCode, Inject, Param, Patch, Post, Query } from '@nestjs/common';
import { z } from 'zod';
import { grantName } from '../contracts/plan.js';
import { Issuer } from '../issuer.js';
import { deleteGrants, rememberDeletion } from '../store/deletions.js';
import { randomId, timestamp } from '../store/identifiers.js';
import type { ClientGrantTable } from '../store/schema.js';
import { changeable, changes, found } from './look-up.js';
import { ManagementController } from './management-controller.decorator.js';
import { conflict, ManagementError } from './management.error.js';
import { page, pageQuery, type PageQuery } from './paging.js';
import { scopeToken } from './scope-token.js';

const scope = z.array(scopeToken).max(1_000);
const organization = {
  organization_usage: z.enum(['deny', 'allow', 'require']).optional(),
  allow_any_organization: z.boolean().optional(),
};
const grantChanges = z.looseObject({ scope: scope.optional(), ...organization });
const creation = z.looseObject({
  client_id: z.string().max(200),
  audience: z.string().max(600),
  scope: scope.default([]),
  subject_type: z.literal('client').default('client'),
  ...organization,
});
const listQuery = pageQuery.extend({
  client_id: z.string().max(200).optional(),
  audience: z.string().max(600).optional(),
});

/** Client grants of the management API (`/api/v2/client-grants`). */
@ManagementController('api/v2/client-grants')
export class ClientGrantsController {
  constructor(@Inject(Issuer) private readonly issuer: Issuer) {}

  @Get()
  @RequireScopes('read:client_grants')
  async list(
    @Query({ schema: listQuery }) query: PageQuery & { client_id?: string; audience?: string },
  ): Promise<unknown> {
    let select = this.issuer.store.db
      .selectFrom('client_grants')
      .selectAll()
      .orderBy('created_at')
      .orderBy('id');
    if (query.client_id !== undefined) select = select.where('client_id', '=', query.client_id);
    if (query.audience !== undefined) select = select.where('audience', '=', query.audience);
    return page('client_grants', (await select.execute()).map(grantView), query, ({ id }) => id);
  }

  @Get(':id')
  @RequireScopes('read:client_grants')
  async one(@Param('id') id: string): Promise<unknown> {
    return grantView(await this.#find(id));
  }

  @Post()
  @RequireScopes('create:client_grants')
  async create(@Body({ schema: creation }) body: z.infer<typeof creation>): Promise<unknown> {
    const client = await this.issuer.store.db
      .selectFrom('clients')
      .select('client_id')
      .where('client_id', '=', body.client_id)
      .executeTakeFirst();
    found(client, 'client');
    await this.#requireOwned(body.scope, body.audience);
    const row: ClientGrantTable = {
      id: `cgr_${randomId(16)}`,
      client_id: body.client_id,
      audience: body.audience,
      scope: JSON.stringify(body.scope),
      subject_type: body.subject_type,
      organization_usage: 'deny',
      allow_any_organization: 0,
      origin: 'api',
      changed: 1,
      created_at: timestamp(),
      ...organizationColumns(body),
    };
    const inserted = await this.issuer.store.change((transaction) =>
      transaction
        .insertInto('client_grants')
        .values(row)
        .onConflict((clash) => clash.doNothing())
        .executeTakeFirstOrThrow(),
    );
    if (inserted.numInsertedOrUpdatedRows !== 1n) {
      throw conflict(
        `A resource server with identifier '${body.audience}' and client '${body.client_id}' has a grant already.`,
      );
    }
    return grantView(row);
  }

  @Patch(':id')
  @RequireScopes('update:client_grants')
  async update(
    @Param('id') id: string,
    @Body({ schema: grantChanges }) body: z.infer<typeof grantChanges>,
  ): Promise<unknown> {
    const row = await this.#find(id);
    const columns = {
      ...(body.scope && { scope: JSON.stringify(body.scope) }),
      ...organizationColumns(body),
    };
    if (!changes(row, columns)) return grantView(row);
    changeable(row, 'grant of the management client');
    if (body.scope) await this.#requireOwned(body.scope, row.audience);
    const values = { ...columns, changed: 1 };
    await this.issuer.store.change((transaction) =>
      transaction.updateTable('client_grants').set(values).where('id', '=', id).execute(),
    );
    return grantView({ ...row, ...values });
  }

  @Delete(':id')
  @HttpCode(204)
  @RequireScopes('delete:client_grants')
  async remove(@Param('id') id: string): Promise<void> {
    const row = changeable(await this.#find(id), 'grant of the management client');
    await this.issuer.store.change(async (transaction) => {
      await deleteGrants(transaction, [id]);
      await rememberDeletion(transaction, { kind: 'grant', key: grantName(row.client_id, row.audience) });
    });
  }

  async #find(id: string): Promise<ClientGrantTable> {
    const row = await this.issuer.store.db
      .selectFrom('client_grants')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst();
    return found(row, 'client_grant');
  }

  /** A grant may hold only scopes that its API has. */
  async #requireOwned(wanted: readonly string[], audience: string): Promise<void> {
    const api = await this.issuer.store.db
      .selectFrom('apis')
      .select('scopes')
      .where('identifier', '=', audience)
      .executeTakeFirst();
    const owned = new Set(
      (JSON.parse(found(api, 'resource_server').scopes) as { value: string }[]).map(({ value }) => value),
    );
    const unknown = wanted.filter((value) => !owned.has(value));
    if (unknown.length === 0) return;
    throw new ManagementError(400, 'invalid_body', `The API has no such scopes: ${unknown.join(', ')}`);
  }
}

function organizationColumns(
  body: Pick<z.infer<typeof grantChanges>, 'organization_usage' | 'allow_any_organization'>,
) {
  return {
    ...(body.organization_usage && { organization_usage: body.organization_usage }),
    ...(body.allow_any_organization !== undefined && {
      allow_any_organization: body.allow_any_organization ? 1 : 0,
    }),
  };
}

/** A client grant as the management API shows it. */
export const grantView = (row: ClientGrantTable) => ({
  id: row.id,
  client_id: row.client_id,
  audience: row.audience,
  scope: JSON.parse(row.scope) as unknown,
  subject_type: row.subject_type,
  organization_usage: row.organization_usage,
  allow_any_organization: row.allow_any_organization === 1,
});
