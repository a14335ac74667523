import { Controller, Get, Logger } from '@nestjs/common';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { AuthError } from '../errors/auth-error.js';
import { ReportLog } from './report-log.js';

@Controller('orders')
class OrdersController {
  @Get(':id')
  find() {}

  @Get()
  list() {}
}

afterEach(() => vi.restoreAllMocks());

function call(method: 'find' | 'list') {
  const handlers = OrdersController.prototype as unknown as Record<string, () => void>;
  return new ExecutionContextHost([{}, {}], OrdersController, handlers[method]);
}

describe('ReportLog', () => {
  it('logs the first call of a route and code, then once a minute how many there were', () => {
    const warn = vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    let now = 0;
    const log = new ReportLog(() => now);
    const lines = () => warn.mock.calls.splice(0).map(([line]) => String(line));

    log.report(call('find'), new AuthError('scope_missing', 'A text with a claim in it.'));
    expect(lines()).toEqual([
      'OrdersController.find GET /orders/:id would be refused: scope_missing, and is not because that is report-only',
    ]);
    for (now = 1; now < 60_000; now += 1_000) log.report(call('find'), new AuthError('scope_missing'));
    expect(lines()).toEqual([]);
    log.report(call('list'), new AuthError('scope_missing'));
    log.report(call('find'), new AuthError('scope_missing', undefined, { reason: 'caller' }));
    expect(lines()).toHaveLength(2);
  });
});
