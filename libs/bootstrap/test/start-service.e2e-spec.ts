import { createServer, type AddressInfo } from 'node:net';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { buildProgram } from './support/build-program.js';
import { Program } from './support/program.js';

vi.setConfig({ testTimeout: 90_000 });

const secret = 'a-secret-of-twenty-characters';

describe('startService', () => {
  let path: string;
  let program: Program | undefined;

  beforeAll(async () => {
    path = await buildProgram(new URL('./fixtures/slow-service.ts', import.meta.url));
  });

  afterEach(async () => {
    program?.kill('SIGKILL');
    await program?.exit;
  });

  const start = (env: Record<string, string> = {}, options?: { ipc: boolean }) =>
    (program = new Program(path, { STORE_SECRET: secret, PORT: '0', ...env }, options));

  /** Sends a request; resolves, once the service has begun to answer it, with what will become of it. */
  async function inFlight(service: Program, route = 'slow') {
    const url = `${await service.listening()}/${route}`;
    const answer = fetch(url, { headers: { 'x-request-id': 'flight-1' } }).then(
      ({ status }) => status,
      () => 'cut off',
    );
    await service.until(() => service.stdout.includes('REACHED'));
    return { answer };
  }

  describe('cannot start', () => {
    it('with an environment that has problems: all of them in one block, on standard error, without a stack', async () => {
      const service = start({ PORT: 'http', STORE_SECRET: 'hunter2' });
      expect(await service.exit).toEqual({ code: 1, signal: null });
      expect(service.stderr).toBe(
        [
          'slow cannot start: 2 problems in its environment',
          '  PORT          must be a whole number from 0 to 65535',
          '  STORE_SECRET  is shorter than 12 characters',
          '',
        ].join('\n'),
      );
      expect(service.stdout).toBe('');
    });

    it('on a port that is taken: the port and the variable are named', async () => {
      const taken = createServer();
      await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
      const { port } = taken.address() as AddressInfo;
      const service = start({ PORT: String(port) });
      expect(await service.exit).toEqual({ code: 1, signal: null });
      expect(service.stderr).toBe(
        `slow cannot start: port ${port} on 127.0.0.1 is taken. Stop what listens there, or set PORT to another port.\n`,
      );
      taken.close();
    });

    it('on an address that is not of this machine', async () => {
      const service = start({ HOST: '192.0.2.1' });
      expect(await service.exit).toEqual({ code: 1, signal: null });
      expect(service.stderr).toMatch(
        /^slow cannot start: 192\.0\.2\.1 is not an address of this machine\. Set HOST/,
      );
    });

    it('with a module that fails: in one line, with a stack for those who debug', async () => {
      const service = start({ BROKEN: '1' });
      expect(await service.exit).toEqual({ code: 1, signal: null });
      expect(service.stderr).toBe('slow cannot start: the store does not open\n');
      const debugged = start({ BROKEN: '1', LOG_LEVEL: 'debug' });
      await debugged.exit;
      expect(debugged.stderr).toMatch(/the store does not open\n.*\n {4}at /);
    });
  });

  describe.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('on %s', (signal) => {
    it('finishes the requests in flight, then stops its modules, and ends with 0', async () => {
      const service = start();
      const { answer } = await inFlight(service);
      service.kill(signal);
      expect(await answer).toBe(200);
      expect(await service.exit).toEqual({ code: 0, signal: null });
      expect(service.stdout).toContain('DESTROYED with 0 in flight');
      const messages = service.records.map(({ msg }) => msg);
      expect(messages.slice(0, 2)).toEqual(['listening', 'stopping']);
      expect(messages.slice(2).sort()).toEqual(['request', 'stopped']);
      expect(service.records.find(({ msg }) => msg === 'request')).toMatchObject({
        method: 'GET',
        route: '/slow',
        status: 200,
        requestId: 'flight-1',
        ms: expect.any(Number) as number,
      });
      expect(service.stderr).toBe('');
    });
  });

  it('cuts off what does not end within the grace, and ends with 0', async () => {
    const service = start({ SHUTDOWN_GRACE_MS: '100' });
    const { answer } = await inFlight(service, 'endless');
    service.kill('SIGTERM');
    expect(await answer).toBe('cut off');
    expect(await service.exit).toEqual({ code: 0, signal: null });
    expect(service.records.find(({ msg }) => msg === 'requests were cut off at the shutdown')).toMatchObject({
      cutOff: 1,
      graceMs: 100,
    });
  });

  it('ends at once on a second signal', async () => {
    const service = start({ SHUTDOWN_GRACE_MS: '60000' });
    const { answer } = await inFlight(service, 'endless');
    service.kill('SIGTERM');
    await service.until(() => service.records.some(({ msg }) => msg === 'stopping'));
    service.kill('SIGINT');
    expect(await service.exit).toEqual({ code: 130, signal: null });
    expect(await answer).toBe('cut off');
  });

  it('stops when the process that started it goes away', async () => {
    const service = start({}, { ipc: true });
    await service.listening();
    service.disconnect();
    expect(await service.exit).toEqual({ code: 0, signal: null });
  });

  it('logs an uncaught exception as a line of its log, without the secrets in it, and ends with 1', async () => {
    const service = start();
    await fetch(`${await service.listening()}/crash`).catch(() => undefined);
    expect(await service.exit).toEqual({ code: 1, signal: null });
    expect(service.records).toContainEqual(
      expect.objectContaining({ level: 'fatal', msg: 'uncaught exception' }),
    );
    expect(service.stdout + service.stderr).not.toContain('hunter2');
  });
});
