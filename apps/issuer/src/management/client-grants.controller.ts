import { RequireScopes } from '@countersign/guards';
import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Inject,
  Param,
  Patch,
  Post,
  Query,
  UseFilters,
} from '@nestjs/common';
import { z } from 'zod';
import { grantName } from '../contracts/plan.js';
import { Issuer } from '../issuer.js';
import { randomId, timestamp } from '../store/identifiers.js';
import type { ClientGrantTable } from '../store/schema.js';
import { ManagementErrorsFilter } from './management-errors.filter.js';
import { conflict, inexistent, ManagementError } from './management.error.js';
import { page, pageQuery, type PageQuery } from './paging.js';

const scope = z
  .array(z.string().regex(/^[\x21\x23-\x5B\x5D-\x7E]{1,280}$/, 'must be a scope token'))
  .max(1_000);
const changes = z.looseObject({ scope });
const creation = z.looseObject({
  client_id: z.string().max(200),
  audience: z.string().max(600),
  scope: scope.default([]),
  subject_type: z.literal('client').default('client'),
});
const listQuery = pageQuery.extend({
  client_id: z.string().max(200).optional(),
  audience: z.string().max(600).optional(),
});

/** Client grants of the management API (`/api/v2/client-grants`). */
@Controller('api/v2/client-grants')
@UseFilters(ManagementErrorsFilter)
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
    return page('client_grants', (await select.execute()).map(view), query, ({ id }) => id);
  }

  @Post()
  @RequireScopes('create:client_grants')
  async create(@Body({ schema: creation }) body: z.infer<typeof creation>): Promise<unknown> {
    const { db } = this.issuer.store;
    const client = await db
      .selectFrom('clients')
      .select('client_id')
      .where('client_id', '=', body.client_id)
      .executeTakeFirst();
    if (!client) throw inexistent('client');
    const api = await db
      .selectFrom('apis')
      .select('scopes')
      .where('identifier', '=', body.audience)
      .executeTakeFirst();
    if (!api) throw inexistent('resource_server');
    requireOwned(body.scope, api.scopes);
    const row: ClientGrantTable = {
      id: `cgr_${randomId(16)}`,
      client_id: body.client_id,
      audience: body.audience,
      scope: JSON.stringify(body.scope),
      subject_type: body.subject_type,
      origin: 'api',
      changed: 1,
      created_at: timestamp(),
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
    return view(row);
  }

  @Patch(':id')
  @RequireScopes('update:client_grants')
  async update(
    @Param('id') id: string,
    @Body({ schema: changes }) body: z.infer<typeof changes>,
  ): Promise<unknown> {
    const row = await this.#find(id);
    const api = await this.issuer.store.db
      .selectFrom('apis')
      .select('scopes')
      .where('identifier', '=', row.audience)
      .executeTakeFirst();
    requireOwned(body.scope, api?.scopes ?? '[]');
    const values = { scope: JSON.stringify(body.scope), changed: 1 };
    await this.issuer.store.change((transaction) =>
      transaction.updateTable('client_grants').set(values).where('id', '=', id).execute(),
    );
    return view({ ...row, ...values });
  }

  @Delete(':id')
  @HttpCode(204)
  @RequireScopes('delete:client_grants')
  async remove(@Param('id') id: string): Promise<void> {
    const row = await this.#find(id);
    await this.issuer.store.change(async (transaction) => {
      await transaction.deleteFrom('client_grants').where('id', '=', id).execute();
      await transaction
        .insertInto('deletions')
        .values({ kind: 'grant', key: grantName(row.client_id, row.audience) })
        .onConflict((clash) => clash.doNothing())
        .execute();
    });
  }

  async #find(id: string): Promise<ClientGrantTable> {
    const row = await this.issuer.store.db
      .selectFrom('client_grants')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst();
    if (!row) throw inexistent('client_grant');
    if (row.origin !== 'system') return row;
    throw new ManagementError(
      403,
      'operation_not_supported',
      'The grant of the management client cannot be changed.',
    );
  }
}

/** A grant may hold only scopes that its API has. */
function requireOwned(wanted: readonly string[], scopes: string): void {
  const owned = new Set((JSON.parse(scopes) as { value: string }[]).map(({ value }) => value));
  const unknown = wanted.filter((value) => !owned.has(value));
  if (unknown.length === 0) return;
  throw new ManagementError(400, 'invalid_body', `The API has no such scopes: ${unknown.join(', ')}`);
}

const view = ({ id, client_id, audience, scope: scopes, subject_type }: ClientGrantTable) => ({
  id,
  client_id,
  audience,
  scope: JSON.parse(scopes) as unknown,
  subject_type,
});
