import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { EnvironmentError } from './environment.error.js';
import { readEnvironment } from './read-environment.js';
import { serverEnv } from './server.environment.js';
import type { StandardSchema } from './standard-schema.js';

const secretPart = z.object({ API_SECRET: z.string().min(20, 'is shorter than 20 characters') });

function problemsOf(env: Record<string, string>, parts: Record<string, StandardSchema>) {
  try {
    readEnvironment(env, parts, { service: 'orders' });
  } catch (error) {
    if (error instanceof EnvironmentError) return error;
    throw error;
  }
  throw new Error('The environment was accepted.');
}

describe('readEnvironment', () => {
  it('answers the output of every part under its name', () => {
    const config = readEnvironment(
      { PORT: '4101', API_SECRET: 'x'.repeat(20), OTHER: 'ignored' },
      { server: serverEnv({ port: 1 }), secret: secretPart },
    );
    expect(config.server.port).toBe(4101);
    expect(config.secret).toEqual({ API_SECRET: 'x'.repeat(20) });
  });

  it('lists the problems of all parts at once, one line per variable', () => {
    const error = problemsOf(
      { PORT: 'http', LOG_LEVEL: 'loud', API_SECRET: 'short' },
      { server: serverEnv({ port: 1 }), secret: secretPart },
    );
    expect(error.code).toBe('environment_invalid');
    expect(error.problems.map(({ variable }) => variable)).toEqual(['API_SECRET', 'LOG_LEVEL', 'PORT']);
    expect(error.message.split('\n')).toEqual([
      'orders cannot start: 3 problems in its environment',
      '  API_SECRET  is shorter than 20 characters',
      '  LOG_LEVEL   must be one of silent, fatal, error, warn, info, debug, trace',
      '  PORT        must be a whole number from 0 to 65535',
    ]);
  });

  it('says that a variable is not set, where a schema only saw undefined', () => {
    const error = problemsOf({}, { secret: secretPart });
    expect(error.message).toBe('orders cannot start: 1 problem in its environment\n  API_SECRET  is not set');
  });

  it('takes an empty string for unset', () => {
    expect(readEnvironment({ PORT: '' }, { server: serverEnv({ port: 4101 }) }).server.port).toBe(4101);
    expect(problemsOf({ API_SECRET: '' }, { secret: secretPart }).problems).toEqual([
      { variable: 'API_SECRET', message: 'is not set' },
    ]);
  });

  it('says a problem once that two parts have', () => {
    expect(problemsOf({}, { one: secretPart, two: secretPart }).problems).toHaveLength(1);
  });

  it('says once that a variable is not set, in the words that say the most', () => {
    const terse = z.object({ AUTH_ISSUER: z.string('is required') });
    const helpful = z.object({ AUTH_ISSUER: z.string('is not set: set it to the issuer of your tokens') });
    expect(problemsOf({}, { helpful, terse }).problems).toEqual([
      { variable: 'AUTH_ISSUER', message: 'is not set: set it to the issuer of your tokens' },
    ]);
  });

  it('says everything that is wrong with one value', () => {
    const https = z.object({ AUTH_ISSUER: z.string().startsWith('https:', 'must be HTTPS') });
    const slash = z.object({ AUTH_ISSUER: z.string().endsWith('/', 'must end in a slash') });
    expect(problemsOf({ AUTH_ISSUER: 'http://a' }, { https, slash }).problems).toHaveLength(2);
  });

  it('never repeats the value of a secret, even where the schema does', () => {
    const telling: StandardSchema = {
      '~standard': {
        version: 1,
        vendor: 'test',
        validate: (value) => ({
          issues: [
            { message: `got ${(value as { API_SECRET: string }).API_SECRET}`, path: ['API_SECRET'] },
            { message: `all of ${JSON.stringify(value)}` },
          ],
        }),
      },
    };
    const { message } = problemsOf({ API_SECRET: 'hunter2-hunter2' }, { telling });
    expect(message).not.toContain('hunter2');
    expect(message).toContain('got [redacted]');
  });

  it('refuses a part that validates asynchronously', () => {
    const asynchronous: StandardSchema = {
      '~standard': { version: 1, vendor: 'test', validate: () => Promise.resolve({ value: 1 }) },
    };
    expect(() => readEnvironment({}, { asynchronous })).toThrow(/"asynchronous" must validate synchronously/);
  });
});

describe('serverEnv', () => {
  const read = (env: Record<string, string>) =>
    readEnvironment(env, { server: serverEnv({ port: 4101 }) }).server;

  it('has a default for everything', () => {
    expect(read({})).toEqual({
      host: '127.0.0.1',
      port: 4101,
      logLevel: 'info',
      production: false,
      bodyLimit: 102_400,
      shutdownGrace: 10_000,
      shutdownDelay: 0,
      trustProxy: false,
    });
  });

  it('wants a port where the service has none of its own', () => {
    expect(problemsOf({}, { server: serverEnv({}) }).problems).toEqual([
      { variable: 'PORT', message: 'is not set: set it to the port to listen on' },
    ]);
    expect(readEnvironment({ PORT: '4101' }, { server: serverEnv({}) }).server.port).toBe(4101);
  });

  it('reads every variable', () => {
    expect(
      read({
        HOST: '::1',
        PORT: '0',
        LOG_LEVEL: 'debug',
        NODE_ENV: 'production',
        BODY_LIMIT: '2048',
        SHUTDOWN_GRACE_MS: '0',
        SHUTDOWN_DELAY_MS: '5000',
        TRUST_PROXY: '10.0.0.0/8, ::1',
      }),
    ).toEqual({
      host: '::1',
      port: 0,
      logLevel: 'debug',
      production: true,
      bodyLimit: 2_048,
      shutdownGrace: 0,
      shutdownDelay: 5_000,
      trustProxy: ['10.0.0.0/8', '::1'],
    });
  });

  it.each([
    ['HOST', 'two words'],
    ['HOST', 'http://localhost'],
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['PORT', '80.5'],
    ['PORT', '0x50'],
    ['PORT', ' 80'],
    ['NODE_ENV', 'prod'],
    ['LOG_LEVEL', 'INFO'],
    ['BODY_LIMIT', '0'],
    ['BODY_LIMIT', '100kb'],
    ['BODY_LIMIT', '99999999'],
    ['SHUTDOWN_GRACE_MS', 'forever'],
    ['SHUTDOWN_DELAY_MS', '60001'],
    ['TRUST_PROXY', 'true'],
    ['TRUST_PROXY', '10.0.0.0/33'],
    ['TRUST_PROXY', '10.0.0.0/8/8'],
  ])('refuses %s=%s', (variable, value) => {
    expect(problemsOf({ [variable]: value }, { server: serverEnv({ port: 1 }) }).problems).toEqual([
      { variable, message: expect.stringMatching(/^must /) as string },
    ]);
  });
});
