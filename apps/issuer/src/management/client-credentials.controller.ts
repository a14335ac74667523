import { RequireScopes } from '@countersign/guards';
import { Body, Delete, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { Issuer } from '../issuer.js';
import type { ClientCredentialTable } from '../store/schema.js';
import { credentialInput, credentialView, toCredential, type CredentialInput } from './credential.js';
import { changeable, found } from './look-up.js';
import { ManagementController } from './management-controller.decorator.js';
import { conflict } from './management.error.js';

/** The most credentials of a client, as Auth0 has it: one in use, and one to rotate to. */
const maxCredentials = 2;

/** Public keys and certificates of a client (`/api/v2/clients/{id}/credentials`). */
@ManagementController('api/v2/clients/:clientId/credentials')
export class ClientCredentialsController {
  constructor(@Inject(Issuer) private readonly issuer: Issuer) {}

  @Get()
  @RequireScopes('read:client_credentials')
  async list(@Param('clientId') clientId: string): Promise<unknown> {
    await this.#client(clientId);
    return (await this.#of(clientId)).map(credentialView);
  }

  @Get(':id')
  @RequireScopes('read:client_credentials')
  async one(@Param('clientId') clientId: string, @Param('id') id: string): Promise<unknown> {
    return credentialView(await this.#find(clientId, id));
  }

  @Post()
  @RequireScopes('create:client_credentials')
  async create(
    @Param('clientId') clientId: string,
    @Body({ schema: credentialInput }) body: CredentialInput,
  ): Promise<unknown> {
    changeable(await this.#client(clientId), 'management client');
    const row = await toCredential(clientId, body);
    await this.issuer.store.change(async (transaction) => {
      const present = await transaction
        .selectFrom('client_credentials')
        .select('id')
        .where('client_id', '=', clientId)
        .execute();
      if (present.length >= maxCredentials)
        throw conflict(`A client has at most ${maxCredentials} credentials. Delete one first.`);
      await transaction.insertInto('client_credentials').values(row).execute();
    });
    return credentialView(row);
  }

  @Delete(':id')
  @HttpCode(204)
  @RequireScopes('delete:client_credentials')
  async remove(@Param('clientId') clientId: string, @Param('id') id: string): Promise<void> {
    changeable(await this.#client(clientId), 'management client');
    await this.#find(clientId, id);
    await this.issuer.store.change((transaction) =>
      transaction.deleteFrom('client_credentials').where('id', '=', id).execute(),
    );
  }

  async #client(clientId: string) {
    const row = await this.issuer.store.db
      .selectFrom('clients')
      .selectAll()
      .where('client_id', '=', clientId)
      .executeTakeFirst();
    return found(row, 'client');
  }

  #of(clientId: string): Promise<ClientCredentialTable[]> {
    return this.issuer.store.db
      .selectFrom('client_credentials')
      .selectAll()
      .where('client_id', '=', clientId)
      .orderBy('created_at')
      .execute();
  }

  async #find(clientId: string, id: string): Promise<ClientCredentialTable> {
    return found(
      (await this.#of(clientId)).find((row) => row.id === id),
      'credential',
    );
  }
}
