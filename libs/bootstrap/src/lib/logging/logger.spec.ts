import { describe, expect, it } from 'vitest';
import { runInRequestContext } from '../request/request-context.js';
import type { LogLevel } from '../environment/server.environment.js';
import { createLogger } from './logger.js';
import { NestLogger } from './nest-logger.js';

function logged(level: LogLevel = 'info') {
  const lines: string[] = [];
  const logger = createLogger({
    service: 'orders',
    level,
    stream: { write: (line) => void lines.push(line) },
  });
  return {
    logger,
    nest: new NestLogger(logger),
    lines,
    records: () => lines.map((line) => JSON.parse(line) as object),
  };
}

describe('createLogger', () => {
  it('writes one JSON object per line with time, level and service', () => {
    const { logger, lines, records } = logged();
    logger.info({ sku: 'ABC-1' }, 'stock is low');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/\n$/);
    expect(records()[0]).toMatchObject({
      level: 'info',
      service: 'orders',
      sku: 'ABC-1',
      msg: 'stock is low',
    });
    expect(records()[0]).toHaveProperty('time', expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/));
  });

  it('says which request a line belongs to', () => {
    const { logger, records } = logged();
    const trace = { traceparent: '00-…', traceId: 'a'.repeat(32) };
    runInRequestContext({ requestId: 'r-1', trace }, () => logger.info('inside'));
    logger.info('outside');
    expect(records()[0]).toMatchObject({ requestId: 'r-1', traceId: 'a'.repeat(32) });
    expect(records()[1]).not.toHaveProperty('requestId');
  });

  it('writes no secret, by name or by form', () => {
    const { logger, lines } = logged();
    const token = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJvcmRlcnMifQ.c2lnbmF0dXJl';
    logger.info({ request: { headers: { authorization: 'abc' } }, note: `Bearer ${token}` }, `sent ${token}`);
    logger.error(new Error(`failed with client_secret=hunter2`));
    expect(lines.join('')).not.toMatch(/abc"|eyJ|hunter2/);
    expect(() => lines.map((line) => JSON.parse(line) as object)).not.toThrow();
  });

  it('writes nothing below its level', () => {
    const { logger, lines } = logged('warn');
    logger.info('not this');
    logger.warn('this');
    expect(lines).toHaveLength(1);
  });
});

describe('NestLogger', () => {
  it('takes the last argument for the context', () => {
    const { nest, records } = logged();
    nest.log('placed', 'OrdersService');
    nest.log({ msg: 'placed', orderId: '7' }, 'OrdersService');
    expect(records()).toMatchObject([
      { level: 'info', context: 'OrdersService', msg: 'placed' },
      { level: 'info', context: 'OrdersService', msg: 'placed', orderId: '7' },
    ]);
  });

  it('keeps an error an error', () => {
    const { nest, records } = logged();
    nest.error(new Error('broken'), undefined, 'Errors');
    expect(records()[0]).toMatchObject({
      level: 'error',
      context: 'Errors',
      err: { type: 'Error', message: 'broken' },
    });
  });

  it.each([
    ['log', 'info'],
    ['error', 'error'],
    ['warn', 'warn'],
    ['debug', 'debug'],
    ['verbose', 'trace'],
    ['fatal', 'fatal'],
  ] as const)('%s is %s', (method, level) => {
    const { nest, records } = logged('trace');
    nest[method]('text', 'Context');
    expect(records()[0]).toMatchObject({ level });
  });

  it('leaves what Nest says of its wiring to those who debug', () => {
    const { nest, lines } = logged('info');
    nest.log('Mapped {/orders, GET} route', 'RouterExplorer');
    expect(lines).toHaveLength(0);
    nest.log('control', 'OrdersService');
    expect(lines).toHaveLength(1);
  });
});
