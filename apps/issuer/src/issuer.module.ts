import { Readiness } from '@countersign/bootstrap';
import { Module, type DynamicModule } from '@nestjs/common';
import type { IssuerOptions } from './configuration/issuer.environment.js';
import { Issuer } from './issuer.js';

/** The authorization server as a Nest module. */
@Module({})
export class IssuerModule {
  static forRoot(options: IssuerOptions): DynamicModule {
    return {
      module: IssuerModule,
      providers: [
        {
          provide: Issuer,
          inject: [Readiness],
          useFactory: async (readiness: Readiness) => {
            const issuer = await Issuer.open(options);
            readiness.add('store', async () => void (await issuer.store.revision()));
            return issuer;
          },
        },
      ],
    };
  }
}
