import { RequireScopes } from '@countersign/guards';
import { Body, Delete, Get, HttpCode, Inject, Param, Patch, Post, Query } from '@nestjs/common';
import { z } from 'zod';
import { defaultTokenLifetime } from '../contracts/desired-state.js';
import { Issuer } from '../issuer.js';
import { dialects, signingAlgs } from '../policy/dialects.js';
import { deleteGrants, rememberDeletion } from '../store/deletions.js';
import { randomId, timestamp } from '../store/identifiers.js';
import type { ApiTable } from '../store/schema.js';
import { changeable, changes, found } from './look-up.js';
import { ManagementController } from './management-controller.decorator.js';
import { conflict } from './management.error.js';
import { page, pageQuery, type PageQuery } from './paging.js';
import { scopeToken } from './scope-token.js';

const apiChanges = z.looseObject({
  name: z.string().min(1).max(200).optional(),
  scopes: z
    .array(z.object({ value: scopeToken, description: z.string().max(500).optional() }))
    .max(1_000)
    .optional(),
  signing_alg: z.enum(signingAlgs).optional(),
  token_lifetime: z.int().min(1).max(2_592_000).optional(),
  token_dialect: z.enum(dialects).optional(),
  enforce_policies: z.boolean().optional(),
  proof_of_possession: z.object({ mechanism: z.enum(['mtls', 'dpop']), required: z.boolean() }).nullish(),
});
const creation = apiChanges.extend({
  identifier: z.string().regex(/^[\x21-\x7E]{1,600}$/, 'must be 1 to 600 printable characters'),
});

type Changes = z.infer<typeof apiChanges>;

/** APIs of the management API (`/api/v2/resource-servers`). */
@ManagementController('api/v2/resource-servers')
export class ResourceServersController {
  constructor(@Inject(Issuer) private readonly issuer: Issuer) {}

  @Get()
  @RequireScopes('read:resource_servers')
  async list(@Query({ schema: pageQuery }) query: PageQuery): Promise<unknown> {
    const rows = await this.issuer.store.db
      .selectFrom('apis')
      .selectAll()
      .orderBy('created_at')
      .orderBy('id')
      .execute();
    return page('resource_servers', rows.map(view), query, ({ id }) => id);
  }

  @Get(':id')
  @RequireScopes('read:resource_servers')
  async one(@Param('id') id: string): Promise<unknown> {
    return view(await this.#find(id));
  }

  @Post()
  @RequireScopes('create:resource_servers')
  async create(@Body({ schema: creation }) body: z.infer<typeof creation>): Promise<unknown> {
    const { identifier, ...rest } = body;
    if (await this.#lookUp(identifier))
      throw conflict('The specified resource server identifier is already registered.');
    const values = columns(rest);
    await this.issuer.keys.ensure(rest.signing_alg ?? 'RS256');
    const row: ApiTable = {
      id: randomId(24),
      identifier,
      name: identifier,
      scopes: '[]',
      token_lifetime: defaultTokenLifetime,
      token_dialect: 'access_token',
      signing_alg: 'RS256',
      enforce_policies: 0,
      ...values,
      origin: 'api',
      changed: 1,
      created_at: timestamp(),
    };
    await this.issuer.store.change((transaction) => transaction.insertInto('apis').values(row).execute());
    return view(row);
  }

  @Patch(':id')
  @RequireScopes('update:resource_servers')
  async update(@Param('id') id: string, @Body({ schema: apiChanges }) body: Changes): Promise<unknown> {
    const row = await this.#find(id);
    const given = columns(body, row.settings);
    if (!changes(row, given)) return view(row);
    changeable(row, 'management API');
    if (body.signing_alg) await this.issuer.keys.ensure(body.signing_alg);
    const values = { ...given, changed: 1 };
    await this.issuer.store.change((transaction) =>
      transaction.updateTable('apis').set(values).where('id', '=', row.id).execute(),
    );
    return view({ ...row, ...values });
  }

  @Delete(':id')
  @HttpCode(204)
  @RequireScopes('delete:resource_servers')
  async remove(@Param('id') id: string): Promise<void> {
    const row = await this.#lookUp(id);
    if (!row) return;
    changeable(row, 'management API');
    await this.issuer.store.change(async (transaction) => {
      const grants = await transaction
        .selectFrom('client_grants')
        .select('id')
        .where('audience', '=', row.identifier)
        .execute();
      await deleteGrants(
        transaction,
        grants.map(({ id: grantId }) => grantId),
      );
      await transaction.deleteFrom('apis').where('id', '=', row.id).execute();
      await rememberDeletion(transaction, { kind: 'api', key: row.identifier });
    });
  }

  async #find(id: string): Promise<ApiTable> {
    return found(await this.#lookUp(id), 'resource_server');
  }

  #lookUp(id: string): Promise<ApiTable | undefined> {
    return this.issuer.store.db
      .selectFrom('apis')
      .selectAll()
      .where((eb) => eb.or([eb('id', '=', id), eb('identifier', '=', id)]))
      .executeTakeFirst();
  }
}

function columns(body: Changes, settings = '{}') {
  const { name, scopes, signing_alg, token_lifetime, token_dialect, enforce_policies, ...rest } = body;
  const { id: _id, identifier: _identifier, is_system: _system, ...others } = rest;
  return {
    ...(name !== undefined && { name }),
    ...(scopes !== undefined && {
      scopes: JSON.stringify(scopes.map(({ value, description }) => ({ value, description }))),
    }),
    ...(signing_alg !== undefined && { signing_alg }),
    ...(token_lifetime !== undefined && { token_lifetime }),
    ...(token_dialect !== undefined && { token_dialect }),
    ...(enforce_policies !== undefined && { enforce_policies: enforce_policies ? 1 : 0 }),
    settings: JSON.stringify({ ...(JSON.parse(settings) as object), ...others }),
  };
}

function view(row: ApiTable) {
  return {
    ...(JSON.parse(row.settings) as object),
    id: row.id,
    identifier: row.identifier,
    name: row.name,
    is_system: row.origin === 'system',
    scopes: JSON.parse(row.scopes) as unknown,
    signing_alg: row.signing_alg,
    token_lifetime: row.token_lifetime,
    token_dialect: row.token_dialect,
    enforce_policies: row.enforce_policies === 1,
  };
}
