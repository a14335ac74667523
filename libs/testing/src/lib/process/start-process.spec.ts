import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startProcess } from './start-process.js';

const server = `
import { createServer } from 'node:http';
console.log('secret visible:', process.env.NOT_INHERITED ?? 'no', process.env.GREETING);
if (process.env.CRASH) { console.error('cannot go on'); process.exit(3); }
const server = createServer((request, response) => {
  response.statusCode = request.url === '/health/ready' ? 200 : 404;
  response.end();
}).listen(Number(process.env.PORT), process.env.HOST);
process.once('disconnect', () => process.exit(0));
process.on('SIGTERM', () => { if (!process.env.STUBBORN) { server.close(() => process.exit(0)); server.closeAllConnections(); } });
`;

/** A test runner of its own: starts the server and says where it is. */
const runner = `
import { startProcess } from ${JSON.stringify(pathToFileURL(join(import.meta.dirname, 'start-process.ts')).href)};
const running = await startProcess({ entry: process.env.SERVER });
console.log(JSON.stringify({ url: running.url, pid: running.pid }));
`;

function endIfLeft(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    expect(error).toMatchObject({ code: 'ESRCH' });
  }
}

describe('startProcess', () => {
  let folder: string;
  let entry: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'start-process-'));
    entry = join(folder, 'main.mjs');
    await writeFile(entry, server);
    process.env['NOT_INHERITED'] = 'yes';
  });
  afterAll(async () => {
    delete process.env['NOT_INHERITED'];
    await rm(folder, { recursive: true });
  });

  it('runs a program on a free port with only the environment it is given', async () => {
    await using running = await startProcess({ entry, env: { GREETING: 'hello' } });

    expect((await fetch(`${running.url}/health/ready`)).status).toBe(200);
    expect(running.output).toContain('secret visible: no hello');
    expect(await running.stop()).toEqual({ code: 0, signal: null, forced: false });
    await expect(fetch(running.url)).rejects.toThrow();
  });

  it('kills a program that does not stop in time', async () => {
    const running = await startProcess({ entry, env: { STUBBORN: '1' }, stopWithin: 200 });

    expect(await running.stop()).toEqual({ code: null, signal: 'SIGKILL', forced: true });
  });

  it('says why a program did not start, with its output', async () => {
    await expect(startProcess({ entry, env: { CRASH: '1' } })).rejects.toThrow(/ended \(3\)[^]*cannot go on/);
  });

  it('gives up on a program that never gets ready, and leaves nothing behind', async () => {
    let pidUrl = '';
    const never = startProcess({
      entry,
      readyWithin: 400,
      ready: async (url) => {
        pidUrl = url;
        return false;
      },
    });

    await expect(never).rejects.toThrow(/was not ready in 400 ms/);
    await expect(fetch(pidUrl)).rejects.toThrow();
  });

  it('takes the program along when the test runner is killed', async () => {
    const main = join(folder, 'runner.mjs');
    await writeFile(main, runner);
    await using testRunner = await startProcess({
      entry: main,
      execArgv: ['--import', '@swc-node/register/esm-register'],
      cwd: join(import.meta.dirname, '../../../../..'),
      env: { SERVER: entry },
      ready: async () => true,
    });
    await expect.poll(() => testRunner.output, { timeout: 30_000 }).toMatch(/^\{.*\}\n/);
    const server = JSON.parse(testRunner.output) as { url: string; pid: number };
    expect((await fetch(`${server.url}/health/ready`)).status).toBe(200);

    testRunner.kill('SIGKILL');

    try {
      await expect
        .poll(() => fetch(`${server.url}/health/ready`).catch(() => 'gone'), { timeout: 15_000 })
        .toBe('gone');
    } finally {
      endIfLeft(server.pid);
    }
  });
});
