import { RequireScopes } from '@countersign/guards';
import { Body, Delete, Get, HttpCode, Inject, Param, Patch, Post, Query } from '@nestjs/common';
import { z } from 'zod';
import { Issuer } from '../issuer.js';
import { addHash } from '../secrets/client-secrets.js';
import { generateSecret } from '../secrets/secret-file.js';
import { hashSecret } from '../secrets/secret-hash.js';
import { deleteClient, rememberDeletion } from '../store/deletions.js';
import { randomId, timestamp } from '../store/identifiers.js';
import type { ClientCredentialTable, ClientTable } from '../store/schema.js';
import {
  clientChanges,
  clientColumns,
  clientCreation,
  clientView,
  type ClientChanges,
} from './client-view.js';
import { toCredential } from './credential.js';
import { changeable, changes, found } from './look-up.js';
import { ManagementController } from './management-controller.decorator.js';
import { page, pageQuery, type PageQuery } from './paging.js';

const listQuery = pageQuery.extend({ is_global: z.enum(['true', 'false']).optional() });

/** Clients of the management API (`/api/v2/clients`). */
@ManagementController('api/v2/clients')
export class ClientsController {
  constructor(@Inject(Issuer) private readonly issuer: Issuer) {}

  @Get()
  @RequireScopes('read:clients')
  async list(@Query({ schema: listQuery }) query: PageQuery & { is_global?: string }): Promise<unknown> {
    const rows = await this.issuer.store.db
      .selectFrom('clients')
      .selectAll()
      .orderBy('created_at')
      .orderBy('client_id')
      .execute();
    // None is the tenant's global client.
    const shown = query.is_global === 'true' ? [] : rows;
    return page('clients', shown.map(clientView), query, ({ client_id }) => client_id);
  }

  @Get(':id')
  @RequireScopes('read:clients')
  async one(@Param('id') id: string): Promise<unknown> {
    return clientView(found(await this.#lookUp(id), 'client'));
  }

  /** The answer holds the secret in clear, this once. */
  @Post()
  @RequireScopes('create:clients')
  async create(@Body({ schema: clientCreation }) body: z.infer<typeof clientCreation>): Promise<unknown> {
    const clientId = randomId(32);
    const { credentials, description } = await newCredentials(clientId, body);
    const row: ClientTable = {
      client_id: clientId,
      app_type: 'non_interactive',
      grant_types: '["client_credentials"]',
      auth_method: 'client_secret_post',
      metadata: '{}',
      origin: 'api',
      changed: 1,
      created_at: timestamp(),
      ...clientColumns(description),
      name: body.name,
    };
    const secret = generateSecret();
    const hash = await hashSecret(secret);
    await this.issuer.store.change(async (transaction) => {
      await transaction.insertInto('clients').values(row).execute();
      for (const credential of credentials)
        await transaction.insertInto('client_credentials').values(credential).execute();
      await addHash(transaction, clientId, hash);
    });
    return { ...clientView(row), client_secret: secret };
  }

  @Patch(':id')
  @RequireScopes('update:clients')
  async update(
    @Param('id') id: string,
    @Body({ schema: clientChanges }) body: ClientChanges,
  ): Promise<unknown> {
    const row = found(await this.#lookUp(id), 'client');
    const columns = clientColumns(body, row.settings);
    if (!changes(row, columns)) return clientView(row);
    changeable(row, 'management client');
    const values = { ...columns, changed: 1 };
    await this.issuer.store.change((transaction) =>
      transaction.updateTable('clients').set(values).where('client_id', '=', id).execute(),
    );
    return clientView({ ...row, ...values });
  }

  /** The secret before the new one stays valid until the next rotation. */
  @Post(':id/rotate-secret')
  @HttpCode(200)
  @RequireScopes('update:client_keys')
  async rotate(@Param('id') id: string): Promise<unknown> {
    const row = await this.#changeable(id);
    return { ...clientView(row), client_secret: await this.issuer.clientSecrets.rotate(id) };
  }

  @Delete(':id')
  @HttpCode(204)
  @RequireScopes('delete:clients')
  async remove(@Param('id') id: string): Promise<void> {
    const row = await this.#lookUp(id);
    if (!row) return;
    changeable(row, 'management client');
    await this.issuer.store.change(async (transaction) => {
      await deleteClient(transaction, id);
      await rememberDeletion(transaction, { kind: 'client', key: id });
    });
  }

  #lookUp(id: string): Promise<ClientTable | undefined> {
    return this.issuer.store.db
      .selectFrom('clients')
      .selectAll()
      .where('client_id', '=', id)
      .executeTakeFirst();
  }

  async #changeable(id: string): Promise<ClientTable> {
    return changeable(found(await this.#lookUp(id), 'client'), 'management client');
  }
}

/** The credentials that a new client brings, and what is said about it with their ids in place of them. */
async function newCredentials(
  clientId: string,
  body: ClientChanges,
): Promise<{ credentials: ClientCredentialTable[]; description: ClientChanges }> {
  const credentials: ClientCredentialTable[] = [];
  const methods: NonNullable<ClientChanges['client_authentication_methods']> = {};
  for (const method of ['private_key_jwt', 'self_signed_tls_client_auth'] as const) {
    const given = body.client_authentication_methods?.[method]?.credentials;
    if (!given) continue;
    methods[method] = { credentials: [] };
    for (const each of given) {
      const row = 'pem' in each && !('id' in each) ? await toCredential(clientId, each) : undefined;
      if (row) credentials.push(row);
      methods[method].credentials.push({ id: row?.id ?? ('id' in each ? String(each.id) : '') });
    }
  }
  if (credentials.length === 0) return { credentials, description: body };
  return { credentials, description: { ...body, client_authentication_methods: methods } };
}
