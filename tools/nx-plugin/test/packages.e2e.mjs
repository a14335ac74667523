import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkPackage } from './support/check-package.mjs';
import { copyWorkspace, sourceRoot } from './support/copy-workspace.mjs';
import { OwnWorkspace } from './support/own-workspace.mjs';
import { freePorts, runNode, Running } from './support/program.mjs';
import { Registry } from './support/registry.mjs';
import { runSteps } from './support/steps.mjs';

/**
 * Packs the packages, publishes them to a registry on this machine, makes a workspace from them by `create-nx-workspace` and
 * one by `nx add`, outside of this one, generates services in them, builds, checks and tests them, starts them and makes the
 * calls. Needs the npm registry for everything that is not ours.
 */
const names = ['bootstrap', 'contract', 'guards', 'issuer', 'm2m', 'nx', 'testing'];
const source = copyWorkspace();
const folder = mkdtempSync(join(tmpdir(), 'countersign-packages-'));
const tarballs = join(folder, 'tarballs');
const audience = 'https://billing.acme.example';
const ports = {};
for (const name of ['issuer', 'stock', 'billing']) ports[name] = await freePorts();

let registry;
let acme;
let shop;
let system;

/** A route of `billing` that calls `stock`, as a user would write it. */
function addCallingRoute() {
  acme.write(
    'apps/billing/src/app/calling/calling.controller.ts',
    `import { RequireScopes } from '@countersign/guards';
import { Controller, Get } from '@nestjs/common';
import { StockClient } from '../../connections/stock/stock.client.js';

@Controller('calling')
export class CallingController {
  constructor(private readonly stock: StockClient) {}

  @Get()
  @RequireScopes('read:invoices')
  async call() {
    return { items: await this.stock.list() };
  }
}
`,
  );
  const module = 'apps/billing/src/app/app.module.ts';
  acme.edit(module, 'module: AppModule,', 'module: AppModule,\n      controllers: [CallingController],');
  acme.edit(
    module,
    'import { Module',
    "import { CallingController } from './calling/calling.controller.js';\nimport { Module",
  );
}

async function call(service, path, token) {
  const response = await fetch(`http://127.0.0.1:${ports[service]}${path}`, {
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    signal: AbortSignal.timeout(20_000),
  });
  return { status: response.status, body: await response.json() };
}

const steps = [
  [
    'packs what is built, each package with what its manifest names',
    () => {
      const nxBin = createRequire(import.meta.url).resolve('nx/bin/nx.js');
      const origin = 'https://someone:secret@git.example/acme/countersign.git';
      execFileSync('git', ['init', '--quiet'], { cwd: source });
      execFileSync('git', ['remote', 'add', 'origin', origin], { cwd: source });
      runNode(source, [nxBin, 'sync']);
      runNode(source, [nxBin, 'run-many', '-t', 'build', '--projects=tag:type:lib,issuer,nx-plugin']);
      runNode(source, [join(source, 'tools/nx-plugin/pack.mjs'), tarballs]);
      const manifests = readdirSync(tarballs).map((file) => checkPackage(join(tarballs, file)));
      assert.deepEqual(
        manifests.map(({ name }) => name).sort(),
        names.map((name) => `@countersign/${name}`),
      );
      assert.deepEqual(manifests.find(({ name }) => name === '@countersign/guards').repository, {
        type: 'git',
        url: 'git+https://git.example/acme/countersign.git',
        directory: 'libs/guards',
      });
    },
  ],
  [
    'publishes them to a registry of its own',
    async () => {
      registry = await Registry.start(join(folder, 'registry'));
      assert.equal(registry.publish(tarballs), names.length);
    },
  ],
  [
    'makes a workspace by create-nx-workspace --preset=@countersign/nx',
    () => {
      const options = ['--preset=@countersign/nx', '--scope=acme'];
      acme = OwnWorkspace.create(folder, 'platform', options, registry.environment);
      assert.equal(acme.readJson('package.json').name, '@acme/source');
      assert.match(acme.read('.gitignore'), /^\.countersign\/$/m);
    },
  ],
  [
    'generates two services, a connection and a client',
    () => {
      acme.generate('service', 'stock', '--scopes=read:stock');
      acme.generate('service', 'billing', '--scopes=read:invoices');
      acme.generate('connection', '--from=billing', '--to=stock', '--scopes=read:stock');
      acme.generate('client', 'nightly', '--calls=billing:read:invoices');
      acme.install();
      assert.equal(acme.readJson('apps/billing/package.json').name, '@acme/billing');
      addCallingRoute();
      acme.nx('run', 'billing:auth-manifest');
    },
  ],
  ['is in sync', () => acme.nx('sync:check')],
  [
    'builds, typechecks, lints and passes its tests and checks',
    () =>
      acme.nx(
        'run-many',
        '-t',
        'build',
        'typecheck',
        'lint',
        'test',
        'contract-check',
        'auth-manifest-check',
      ),
  ],
  [
    'starts everything with npm start',
    async () => {
      assert.equal(acme.readJson('package.json').scripts.start, 'countersign-start');
      const variables = Object.entries(ports).map(([name, port]) => [
        `${name.toUpperCase()}_PORT`,
        `${port}`,
      ]);
      system = new Running(acme.root, [acme.bin('countersign-start')], Object.fromEntries(variables));
      await system.wrote('Press Ctrl-C', 180_000);
    },
  ],
  [
    'answers a call with a token, through two services, and refuses one without',
    async () => {
      const token = runNode(
        acme.root,
        [acme.bin('countersign-issuer'), 'token', '--client=nightly', `--audience=${audience}`],
        { env: { ISSUER_URL: `http://localhost:${ports.issuer}/` } },
      ).trim();
      assert.deepEqual(await call('billing', '/calling', token), { status: 200, body: { items: [] } });
      const refused = await call('billing', '/calling');
      assert.equal(refused.status, 401);
      assert.equal(refused.body.code, 'token_missing');
    },
  ],
  ['stops', async () => assert.equal(await system.stop(), 0)],
  [
    'prepares a workspace that is there by nx add @countersign/nx',
    () => {
      shop = OwnWorkspace.create(folder, 'shop', ['--preset=ts'], registry.environment);
      shop.nx('add', '@countersign/nx');
      shop.generate('service', 'orders', '--scopes=read:orders');
      shop.install();
      assert.equal(shop.readJson('apps/orders/package.json').name, '@shop/orders');
      shop.nx('sync:check');
    },
  ],
  [
    'builds, typechecks, lints and passes its tests there',
    () => shop.nx('run-many', '-t', 'build', 'typecheck', 'lint', 'test', 'contract-check'),
  ],
];

async function cleanUp() {
  await system?.stop();
  await registry?.stop();
  rmSync(source, { recursive: true, force: true, maxRetries: 3 });
  if (process.env.KEEP_WORKSPACE === '1') console.log(folder);
  else rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}

for (const signal of ['SIGINT', 'SIGTERM'])
  process.once(signal, () => void cleanUp().finally(() => process.exit(1)));
try {
  const passed = await runSteps(steps, join(sourceRoot, 'tools/nx-plugin/test-output/e2e-packages.json'));
  process.exitCode = passed ? 0 : 1;
} finally {
  await cleanUp();
}
