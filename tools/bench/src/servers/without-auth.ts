import { AccessTokenGuard, AudienceGuard, ScopesGuard } from '@countersign/guards';
import { connectionToken, M2mModule } from '@countersign/m2m';
import { HttpService } from '@nestjs/axios';
import { type DynamicModule } from '@nestjs/common';
import axios from 'axios';
import { Agent } from 'node:http';

// Loaded before a built service, it takes authentication out of it: every guard lets everything through, and every
// connection is a plain HttpService that keeps its sockets open.

for (const guard of [AccessTokenGuard, AudienceGuard, ScopesGuard])
  guard.prototype.canActivate = (): true => true;

class PlainConnectionsModule {}

const httpAgent = new Agent({ keepAlive: true });

M2mModule.forFeature = (callees): DynamicModule => {
  const providers = callees.map((callee: string) => ({
    provide: connectionToken(callee as never),
    useFactory: () => {
      const baseURL = process.env[`${callee.toUpperCase().replaceAll('-', '_')}_URL`];
      return new HttpService(axios.create({ baseURL, httpAgent, timeout: 10_000 }));
    },
  }));
  return { module: PlainConnectionsModule, providers, exports: providers };
};
