import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { copyWorkspace, sourceRoot } from './support/copy-workspace.mjs';
import { environment, runNode } from './support/program.mjs';
import { runSteps } from './support/steps.mjs';

/**
 * Packs the libraries and this plugin as they are published, makes a workspace outside of this one from the packages alone,
 * prepares it, generates two services and a connection, and builds, checks and tests them. Needs the npm registry.
 */
const libraries = ['contract', 'guards', 'm2m', 'bootstrap', 'testing'];
const source = copyWorkspace();
const workspace = mkdtempSync(join(tmpdir(), 'countersign-packages-'));
const packages = join(workspace, 'packages');
const nx = (...args) => runNode(workspace, [join(workspace, 'node_modules/nx/dist/bin/nx.js'), ...args]);
const npm = (cwd, ...args) =>
  execFileSync('npm', [...args, '--ignore-scripts', '--no-audit', '--no-fund', '--silent'], {
    cwd,
    env: environment,
    encoding: 'utf8',
  });

/** The name in a tarball's file name: `countersign-guards-0.1.0.tgz` → `@countersign/guards`. */
const packageOf = (file) => `@countersign/${/^countersign-(.+)-\d/.exec(file)[1]}`;

const steps = [
  [
    'packs what is built',
    () => {
      const nxBin = createRequire(import.meta.url).resolve('nx/bin/nx.js');
      runNode(source, [nxBin, 'sync']);
      runNode(source, [nxBin, 'run-many', '-t', 'build', '--projects=tag:type:lib,nx-plugin']);
      mkdirSync(packages);
      for (const library of libraries)
        npm(join(source, 'libs', library), 'pack', '--pack-destination', packages);
      runNode(source, [join(source, 'tools/nx-plugin/pack.mjs'), packages]);
      assert.equal(readdirSync(packages).length, libraries.length + 1);
    },
  ],
  [
    'installs the packages in a new workspace',
    () => {
      const own = readdirSync(packages).map((file) => [packageOf(file), `file:./packages/${file}`]);
      const devDependencies = { ...Object.fromEntries(own), nx: '23.2.1' };
      writeFileSync(
        join(workspace, 'package.json'),
        JSON.stringify({ name: 'shop', version: '0.0.0', private: true, devDependencies }),
      );
      writeFileSync(
        join(workspace, 'nx.json'),
        JSON.stringify({ analytics: false, neverConnectToCloud: true }),
      );
      npm(workspace, 'install');
    },
  ],
  [
    'prepares it',
    () => {
      nx('g', '@countersign/nx:init', '--scope=acme', '--skipInstall');
      npm(workspace, 'install');
    },
  ],
  [
    'generates two services and a connection',
    () => {
      nx('g', '@countersign/nx:service', 'stock', '--scopes=read:stock', '--skipInstall');
      nx(
        'g',
        '@countersign/nx:service',
        'billing',
        '--scopes=read:invoices',
        '--calls=stock:read:stock',
        '--skipInstall',
      );
      npm(workspace, 'install');
      const { name } = JSON.parse(readFileSync(join(workspace, 'apps/billing/package.json'), 'utf8'));
      assert.equal(name, '@acme/billing');
    },
  ],
  ['is in sync', () => nx('sync:check')],
  ['builds, typechecks and lints', () => nx('run-many', '-t', 'build,typecheck,lint')],
  [
    'checks the contracts and the manifests',
    () => nx('run-many', '-t', 'contract-check,auth-manifest-check'),
  ],
  ['passes its tests', () => nx('run-many', '-t', 'test')],
];

try {
  const passed = await runSteps(steps, join(sourceRoot, 'tools/nx-plugin/test-output/e2e-packages.json'));
  process.exitCode = passed ? 0 : 1;
} finally {
  rmSync(source, { recursive: true, force: true, maxRetries: 3 });
  if (process.env.KEEP_WORKSPACE !== '1') rmSync(workspace, { recursive: true, force: true, maxRetries: 3 });
  else console.log(workspace);
}
