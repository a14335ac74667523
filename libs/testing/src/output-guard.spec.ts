import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startProcess } from './lib/process/start-process.js';

const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');
const here = JSON.stringify;

const config = `
export default {
  test: {
    include: ['*.test.mjs'],
    setupFiles: [${here(join(import.meta.dirname, 'output-guard.ts'))}],
    reporters: ['default'],
  },
};
`;

/** Each writes a secret in a way of its own; \`clean\` is the control. */
const files: Record<string, string> = {
  clean: `console.log('nothing to see');`,
  console: `console.error('it is', secret);`,
  stdout: `process.stdout.write(secret + '\\n');`,
  log: `createRequire(import.meta.url)('node:fs').writeSync(1, secret + '\\n');`,
  logger: `await new Promise((end) => createRequire(import.meta.url)('node:fs').write(1, secret, 'utf8', end));`,
  child: `await new Promise((end) => spawn(process.execPath, ['-e', 'console.log(process.argv[1])', secret]).once('close', end));`,
  encoded: `console.log(Buffer.from(secret).toString('hex'));`,
};

const file = (body: string): string => `
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { it } from 'vitest';
import { rememberSecret } from ${here(join(import.meta.dirname, 'lib/secrets/secret-registry.ts'))};
const secret = 'the-secret-of-' + 'this-fixture';
rememberSecret('fixture', secret);
it('passes', async () => { ${body} });
`;

describe('the output guard', () => {
  let folder: string;
  let output: string;

  beforeAll(async () => {
    await mkdir(join(import.meta.dirname, '../test-output'), { recursive: true });
    folder = await mkdtemp(join(import.meta.dirname, '../test-output/guard-'));
    await writeFile(join(folder, 'vitest.config.mjs'), config);
    for (const [name, body] of Object.entries(files))
      await writeFile(join(folder, `${name}.test.mjs`), file(body));
    const running = await startProcess({
      entry: vitest,
      args: ['run', '--root', folder, '--no-color'],
      cwd: folder,
      env: { NO_COLOR: '1', CI: '1' },
      ready: async () => true,
    });
    await running.exit;
    ({ output } = running);
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('lets a clean file pass', () => {
    expect(output).toMatch(/✓ clean\.test\.mjs/);
  });

  it.each([
    ['console', 'console: fixture #0 (plain)'],
    ['stdout', 'stdout: fixture #0 (plain)'],
    ['log', 'log: fixture #0 (plain)'],
    ['logger', 'log: fixture #0 (plain)'],
    ['child', 'child process: fixture #0 (plain)'],
    ['encoded', 'console: fixture #0 (hex)'],
  ])('fails a file that writes a secret: %s', (name, leak) => {
    expect(output).toMatch(new RegExp(`FAIL +${name}\\.test\\.mjs`));
    expect(output).toContain(leak);
    expect(output).toMatch(/6 failed/);
  });
});
