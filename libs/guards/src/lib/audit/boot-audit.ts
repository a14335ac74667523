import { Inject, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService, MetadataScanner, ModulesContainer } from '@nestjs/core';
import { AUTH_SETTINGS, type AuthSettings } from '../module/auth-settings.js';
import { BootAuditError } from './boot-audit.error.js';
import { misdeclared, triedOut, undeclared } from './findings.js';
import { discoverHandlers } from './handlers.js';
import { HybridAppError } from './hybrid-app.error.js';
import { watchMicroservices } from './hybrid-app.js';

/**
 * Looks at every handler of the app before it listens: one that declares nothing, that contradicts itself, or that
 * asks for a scope which the contract does not own, or that names a client without its issuer where several issuers
 * are trusted, stops the boot, and so does a microservice that is connected
 * without the guards of the app. With `coverage: 'warn'` a handler that declares nothing, and such a microservice, are
 * logged instead. Every handler with a rule that is report-only is logged.
 *
 * @throws BootAuditError `requirement_missing`, naming all of them at once
 */
@Injectable()
export class BootAudit implements OnModuleInit {
  private readonly logger = new Logger('AuthModule');

  constructor(
    @Inject(AUTH_SETTINGS) private readonly settings: AuthSettings,
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    modules: ModulesContainer,
  ) {
    watchMicroservices(modules, () => this.refuseOwnConfig());
  }

  onModuleInit(): void {
    const handlers = discoverHandlers(this.discovery, this.scanner);
    const { contract, audiences } = this.settings;
    const owned = {
      scopes: contract && new Set(Object.keys(contract.scopes)),
      audiences,
      issuers: this.settings.issuers.map(({ issuer }) => issuer),
    };
    const open = handlers.flatMap((handler) => undeclared(handler) ?? []);
    const wrong = handlers.flatMap((handler) => misdeclared(handler, owned));
    if (this.settings.coverage === 'warn') {
      for (const finding of open) this.logger.warn(`${finding}, and is open because coverage is 'warn'`);
    } else {
      wrong.unshift(...open);
    }
    if (wrong.length > 0) throw new BootAuditError(wrong);
    for (const finding of handlers.flatMap((handler) => triedOut(handler, this.settings.reportOnly) ?? [])) {
      this.logger.warn(finding);
    }
    if (this.settings.sender?.dpop && this.settings.publicUrl === undefined) {
      this.logger.warn('DPoP proofs are held against the host that a request names itself: set publicUrl');
    }
  }

  /** @throws HybridAppError `app_config_not_inherited` while coverage is enforced */
  private refuseOwnConfig(): void {
    const error = new HybridAppError();
    if (this.settings.coverage === 'enforce') throw error;
    this.logger.warn(error.message);
  }
}
