import { Global, Module } from '@nestjs/common';
import { InMemoryLedgerRepository } from './in-memory-ledger.repository.js';
import { ledgerRepository } from './ledger.repository.js';

/** Where stock and reservations are kept: in memory. */
@Global()
@Module({
  providers: [{ provide: ledgerRepository, useFactory: () => new InMemoryLedgerRepository() }],
  exports: [ledgerRepository],
})
export class LedgerModule {}
