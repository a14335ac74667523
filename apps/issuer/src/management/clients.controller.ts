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
import { Issuer } from '../issuer.js';
import { addHash } from '../secrets/client-secrets.js';
import { generateSecret } from '../secrets/secret-file.js';
import { hashSecret } from '../secrets/secret-hash.js';
import { randomId, timestamp } from '../store/identifiers.js';
import type { ClientTable } from '../store/schema.js';
import { ManagementErrorsFilter } from './management-errors.filter.js';
import { inexistent, ManagementError } from './management.error.js';
import { page, pageQuery, type PageQuery } from './paging.js';

const methods = ['client_secret_post', 'client_secret_basic', 'private_key_jwt'] as const;
const changes = z.looseObject({
  name: z.string().min(1).max(200).optional(),
  app_type: z.string().max(50).optional(),
  grant_types: z.array(z.string().max(100)).max(20).optional(),
  token_endpoint_auth_method: z.enum(methods).nullish(),
  client_authentication_methods: z.looseObject({ private_key_jwt: z.unknown().optional() }).nullish(),
  client_metadata: z.record(z.string().max(255), z.string().max(255)).optional(),
});
const creation = changes.extend({ name: z.string().min(1).max(200) });
const listQuery = pageQuery.extend({ is_global: z.enum(['true', 'false']).optional() });

type Changes = z.infer<typeof changes>;

/** Clients of the management API (`/api/v2/clients`). */
@Controller('api/v2/clients')
@UseFilters(ManagementErrorsFilter)
export class ClientsController {
  constructor(@Inject(Issuer) private readonly issuer: Issuer) {}

  @Get()
  @RequireScopes('read:clients')
  async list(@Query({ schema: listQuery }) query: PageQuery & { is_global?: string }): Promise<unknown> {
    if (query.is_global === 'true')
      return page('clients', [] as { client_id: string }[], query, ({ client_id }) => client_id);
    const rows = await this.issuer.store.db
      .selectFrom('clients')
      .selectAll()
      .orderBy('created_at')
      .orderBy('client_id')
      .execute();
    return page('clients', rows.map(view), query, ({ client_id }) => client_id);
  }

  @Get(':id')
  @RequireScopes('read:clients')
  async one(@Param('id') id: string): Promise<unknown> {
    return view(await this.#find(id));
  }

  /** The answer holds the secret in clear, this once. */
  @Post()
  @RequireScopes('create:clients')
  async create(@Body({ schema: creation }) body: z.infer<typeof creation>): Promise<unknown> {
    const row: ClientTable = {
      client_id: randomId(32),
      app_type: 'non_interactive',
      grant_types: '["client_credentials"]',
      auth_method: 'client_secret_post',
      metadata: '{}',
      origin: 'api',
      changed: 1,
      created_at: timestamp(),
      ...columns(body),
      name: body.name,
    };
    const secret = generateSecret();
    const hash = await hashSecret(secret);
    await this.issuer.store.change(async (transaction) => {
      await transaction.insertInto('clients').values(row).execute();
      await addHash(transaction, row.client_id, hash);
    });
    return { ...view(row), client_secret: secret };
  }

  @Patch(':id')
  @RequireScopes('update:clients')
  async update(@Param('id') id: string, @Body({ schema: changes }) body: Changes): Promise<unknown> {
    const row = await this.#changeable(id);
    const values = { ...columns(body, row.settings), changed: 1 };
    await this.issuer.store.change((transaction) =>
      transaction.updateTable('clients').set(values).where('client_id', '=', id).execute(),
    );
    return view({ ...row, ...values });
  }

  /** The secret before the new one stays valid until the next rotation. */
  @Post(':id/rotate-secret')
  @HttpCode(200)
  @RequireScopes('update:client_keys')
  async rotate(@Param('id') id: string): Promise<unknown> {
    const row = await this.#changeable(id);
    return { ...view(row), client_secret: await this.issuer.clientSecrets.rotate(id) };
  }

  @Delete(':id')
  @HttpCode(204)
  @RequireScopes('delete:clients')
  async remove(@Param('id') id: string): Promise<void> {
    const row = await this.issuer.store.db
      .selectFrom('clients')
      .select('client_id')
      .where('client_id', '=', id)
      .executeTakeFirst();
    if (!row) return;
    await this.#changeable(id);
    await this.issuer.store.change(async (transaction) => {
      for (const table of ['clients', 'client_secrets', 'client_credentials', 'client_grants'] as const) {
        await transaction.deleteFrom(table).where('client_id', '=', id).execute();
      }
      await transaction
        .insertInto('deletions')
        .values({ kind: 'client', key: id })
        .onConflict((clash) => clash.doNothing())
        .execute();
    });
  }

  async #find(id: string): Promise<ClientTable> {
    const row = await this.issuer.store.db
      .selectFrom('clients')
      .selectAll()
      .where('client_id', '=', id)
      .executeTakeFirst();
    if (!row) throw inexistent('client');
    return row;
  }

  async #changeable(id: string): Promise<ClientTable> {
    const row = await this.#find(id);
    if (row.origin !== 'system') return row;
    throw new ManagementError(403, 'operation_not_supported', 'The management client cannot be changed.');
  }
}

function columns(body: Changes, settings = '{}') {
  const {
    name,
    app_type,
    grant_types,
    token_endpoint_auth_method,
    client_authentication_methods,
    client_metadata,
    ...others
  } = body;
  const method = client_authentication_methods?.private_key_jwt
    ? 'private_key_jwt'
    : token_endpoint_auth_method;
  return {
    ...(name !== undefined && { name }),
    ...(app_type !== undefined && { app_type }),
    ...(grant_types !== undefined && { grant_types: JSON.stringify(grant_types) }),
    ...(method && { auth_method: method }),
    ...(client_metadata !== undefined && { metadata: JSON.stringify(client_metadata) }),
    settings: JSON.stringify({ ...(JSON.parse(settings) as object), ...withoutSecrets(others) }),
  };
}

/** What only the issuer may say about a client is not kept from a request. */
function withoutSecrets({
  client_id: _id,
  client_secret: _secret,
  ...others
}: Record<string, unknown>): object {
  return others;
}

function view(row: ClientTable) {
  return {
    ...(JSON.parse(row.settings) as object),
    client_id: row.client_id,
    name: row.name,
    global: false,
    app_type: row.app_type,
    grant_types: JSON.parse(row.grant_types) as unknown,
    token_endpoint_auth_method: row.auth_method,
    client_metadata: JSON.parse(row.metadata) as unknown,
  };
}
