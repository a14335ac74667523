import { Controller, Get, HttpException, Res } from '@nestjs/common';
import { HealthCheckService, HealthIndicatorService, type HealthCheckResult } from '@nestjs/terminus';
import { PublicRoute } from './public-route.decorator.js';
import { Readiness } from './readiness.js';

const checkTimeout = 2_000;
const keepFor = 1_000;

/** `/health/live`: the process answers. `/health/ready`: it can do its work and is not stopping. */
@PublicRoute()
@Controller('health')
export class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly indicators: HealthIndicatorService,
    private readonly readiness: Readiness,
  ) {}

  @Get('live')
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  @Get('ready')
  async ready(@Res({ passthrough: true }) response: { status(code: number): unknown }): Promise<object> {
    if (this.readiness.stopping) {
      response.status(503);
      return { status: 'shutting_down' };
    }
    try {
      return statusOf(
        await this.health.check([...this.readiness.checks].map(([name, check]) => this.#run(name, check))),
      );
    } catch (error) {
      if (!(error instanceof HttpException)) throw error;
      response.status(503);
      return statusOf(error.getResponse() as HealthCheckResult);
    }
  }

  #run(name: string, check: (options: { signal: AbortSignal }) => void | Promise<void>) {
    return async () => this.indicators.check(name).attempt(check).withTimeout(checkTimeout).cacheFor(keepFor);
  }
}

/** Which checks are up and down, and nothing of why: the route is public. */
function statusOf({ status, details }: HealthCheckResult): object {
  const checks = Object.entries(details).map(([name, { status: state }]) => [name, { status: state }]);
  return { status, checks: Object.fromEntries(checks) as object };
}
