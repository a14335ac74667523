import { Controller, Get } from '@nestjs/common';
import { HealthCheck, HealthCheckService, TerminusModule } from '@nestjs/terminus';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KeySetHealthIndicator } from '../src/health.js';
import { AccessTokenVerifier, AuthModule, Public } from '../src/index.js';
import { createApp } from './support/app.js';
import { AUDIENCE, TestIssuer } from './support/issuer.js';

@Controller('health')
class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly keySets: KeySetHealthIndicator,
  ) {}

  @Get('ready')
  @Public()
  @HealthCheck()
  ready() {
    return this.health.check([() => this.keySets.isHealthy('keys')]);
  }
}

let issuer: TestIssuer;
beforeAll(async () => {
  issuer = await TestIssuer.start();
});
afterAll(() => issuer?.close());

describe('the health of a service that verifies tokens', () => {
  it('is down without keys, up with them, and degraded but ready while the issuer is away', async () => {
    class AppModule {}
    const app = await createApp('fastify', {
      module: AppModule,
      imports: [
        AuthModule.forRoot({ issuer: issuer.url, audience: AUDIENCE, prefetch: false }),
        TerminusModule.forRoot({ logger: false }),
      ],
      controllers: [HealthController],
      providers: [KeySetHealthIndicator],
    });
    await app.listen(0, '127.0.0.1');
    const ready = async () => {
      const response = await fetch(`${await app.getUrl()}/health/ready`);
      return [response.status, ((await response.json()) as { status: string }).status];
    };
    try {
      const verifier = app.get(AccessTokenVerifier);
      expect(await ready()).toEqual([503, 'error']);
      await verifier.prefetch();
      expect(await ready()).toEqual([200, 'ok']);
      issuer.down = true;
      await verifier.reload().catch(() => undefined);
      expect(await ready()).toEqual([200, 'degraded']);
    } finally {
      issuer.down = false;
      await app.close();
    }
  });
});
