import { describe, expect, it } from 'vitest';
import { readEnvironment } from '../environment/read-environment.js';
import { EnvironmentError } from '../environment/environment.error.js';
import { messageEnv, parseMessageAddress } from './message-address.js';

describe('parseMessageAddress', () => {
  it.each([
    ['tcp://10.0.0.7:5101', { scheme: 'tcp', host: '10.0.0.7', port: 5101 }],
    ['nats://broker', { scheme: 'nats', host: 'broker', port: 4222 }],
    ['grpc://[::1]:5102/', { scheme: 'grpc', host: '::1', port: 5102 }],
  ])('reads %s', (text, address) => {
    expect(parseMessageAddress(text)).toEqual(address);
  });

  it.each([
    'tcp://host',
    'grpc://host',
    'http://host:80',
    'nats://user:pass@broker',
    'tcp://host:1/path',
    'tcp://host:1?token=a',
    'host:5101',
    'tcp://:5101',
    'tcp://host:70000',
    '',
  ])('does not take %j for an address', (text) => {
    expect(parseMessageAddress(text)).toBeUndefined();
  });
});

describe('messageEnv', () => {
  const part = messageEnv({ variable: 'STOCK_MESSAGES_URL', defaultUrl: 'tcp://127.0.0.1:5101' });
  const read = (env: Record<string, string>) =>
    readEnvironment(env, { messages: part }, { service: 'billing' });

  it('reads the variable, and falls back on the default outside production', () => {
    expect(read({ STOCK_MESSAGES_URL: 'nats://broker:4223' }).messages.port).toBe(4223);
    expect(read({}).messages).toEqual({ scheme: 'tcp', host: '127.0.0.1', port: 5101 });
  });

  it.each<[Record<string, string>, string]>([
    [{ NODE_ENV: 'production' }, 'is not set'],
    [{ STOCK_MESSAGES_URL: 'https://user:hunter2@broker' }, 'must be tcp://host:port'],
  ])('names the variable in the problem of %j, and never its value', (env, problem) => {
    let message = '';
    try {
      read(env);
    } catch (error) {
      message = error instanceof EnvironmentError ? error.message : '';
    }
    expect(message).toContain('STOCK_MESSAGES_URL');
    expect(message).toContain(problem);
    expect(message).not.toContain('hunter2');
  });
});
