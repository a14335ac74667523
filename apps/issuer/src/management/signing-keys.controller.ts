import type { JsonWebKey } from 'node:crypto';
import { RequireScopes } from '@countersign/guards';
import { Get, HttpCode, Inject, Param, Post, Put } from '@nestjs/common';
import { Issuer } from '../issuer.js';
import { signingCertificate } from '../keys/signing-certificate.js';
import type { SigningKeyTable } from '../store/schema.js';
import { found } from './look-up.js';
import { ManagementController } from './management-controller.decorator.js';
import { inexistent } from './management.error.js';

/** Signing keys of the management API (`/api/v2/keys/signing`). */
@ManagementController('api/v2/keys/signing')
export class SigningKeysController {
  constructor(@Inject(Issuer) private readonly issuer: Issuer) {}

  @Get()
  @RequireScopes('read:signing_keys')
  async list(): Promise<unknown> {
    return Promise.all((await this.issuer.keys.list()).map((key) => this.#view(key)));
  }

  @Get(':kid')
  @RequireScopes('read:signing_keys')
  async one(@Param('kid') kid: string): Promise<unknown> {
    return this.#view(found(await this.issuer.keys.find(kid), 'signing_key'));
  }

  @Post('rotate')
  @HttpCode(200)
  @RequireScopes('create:signing_keys', 'update:signing_keys')
  async rotate(): Promise<unknown> {
    const { current } = await this.issuer.keys.rotate('RS256');
    return { kid: current };
  }

  @Put(':kid/revoke')
  @RequireScopes('update:signing_keys')
  async revoke(@Param('kid') kid: string): Promise<unknown> {
    if (!(await this.issuer.keys.revoke(kid))) throw inexistent('signing_key');
    return { kid };
  }

  async #view(key: SigningKeyTable): Promise<unknown> {
    const { vault, options } = this.issuer;
    const jwk = JSON.parse(vault.open(key.jwk, key.kid)) as JsonWebKey;
    return { ...view(key), ...(await signingCertificate(key, jwk, new URL(options.issuer).hostname)) };
  }
}

const view = ({ kid, alg, state, created_at, state_at }: SigningKeyTable) => ({
  kid,
  alg,
  current: state === 'current',
  next: state === 'next',
  previous: state === 'previous',
  revoked: state === 'revoked',
  created_at,
  ...(state === 'current' && { current_since: state_at }),
  ...(state === 'revoked' && { revoked_at: state_at }),
});
