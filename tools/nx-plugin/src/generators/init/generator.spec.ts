import { logger, readJson, readNxJson, type Tree } from '@nx/devkit';
import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import presetGenerator from '../preset/generator.ts';
import serviceGenerator from '../service/generator.ts';
import initGenerator from './generator.ts';

let tree: Tree;
beforeEach(() => {
  vi.spyOn(logger, 'warn').mockReturnValue();
  tree = createTreeWithEmptyWorkspace({ formatter: 'prettier' });
  tree.write('package.json', JSON.stringify({ name: 'shop', devDependencies: { vitest: '4.0.0' } }));
  tree.delete('tsconfig.base.json');
});

const init = (scope?: string) =>
  initGenerator(tree, { skipInstall: true, ...(scope !== undefined && { scope }) });
const written = () =>
  tree
    .listChanges()
    .map(({ path, content }) => `${path} ${content?.toString()}`)
    .sort();

describe('init', () => {
  it('prepares a workspace in which a service can be generated', async () => {
    await init('acme');
    expect(readJson<object>(tree, 'package.json')).toMatchObject({
      name: '@acme/source',
      type: 'module',
      workspaces: ['apps/*'],
      scripts: { start: 'countersign-start' },
      devDependencies: {
        vitest: '4.0.0',
        nx: expect.any(String) as string,
        '@countersign/guards': expect.any(String) as string,
        '@countersign/issuer': expect.any(String) as string,
      },
    });
    await serviceGenerator(tree, { name: 'billing', scopes: 'read:invoices', skipInstall: true });
    expect(readJson<object>(tree, 'apps/billing/package.json')).toMatchObject({ name: '@acme/billing' });
    expect(readJson<object>(tree, 'apps/billing/contract.json')).toMatchObject({
      audience: 'https://billing.acme.example',
    });
    expect(readJson<object>(tree, 'tsconfig.json')).toMatchObject({
      references: [{ path: './apps/billing' }],
    });
  });

  it('puts its plugin behind the others, and its sync generator beside them', async () => {
    tree.write(
      'nx.json',
      JSON.stringify({
        plugins: [{ plugin: '@nx/vitest', options: { testTargetName: 'spec' } }],
        sync: { globalGenerators: ['acme:own'] },
      }),
    );
    await init();
    const { plugins = [], sync } = readNxJson(tree) ?? {};
    expect(plugins.at(-1)).toBe('@countersign/nx/plugin');
    expect(plugins).toContainEqual({ plugin: '@nx/vitest', options: { testTargetName: 'spec' } });
    expect(sync?.globalGenerators).toEqual([
      'acme:own',
      '@countersign/nx:contracts',
      '@countersign/nx:clients',
    ]);
  });

  it('changes nothing the second time, and keeps what the user has', async () => {
    tree.write('eslint.config.mjs', '// mine\n');
    await init();
    const first = written();
    await init();
    expect(written()).toEqual(first);
    expect(tree.read('eslint.config.mjs', 'utf-8')).toBe('// mine\n');
  });

  it('keeps secrets and what is built out of git, beside what the user ignores', async () => {
    tree.write('.gitignore', '# compiled\ndist\n/coverage\n');
    await init();
    const lines = tree.read('.gitignore', 'utf-8')?.split('\n') ?? [];
    expect(lines.slice(0, 3)).toEqual(['# compiled', 'dist', '/coverage']);
    expect(lines).toEqual(
      expect.arrayContaining(['.countersign/', '.env', '!.env.example', '*.pem', '*.key']),
    );
    expect(lines.filter((line) => /^dist\/?$/.test(line))).toEqual(['dist']);
  });

  it('writes no second set-up of a tool under another name', async () => {
    for (const file of ['eslint.config.js', '.prettierrc']) tree.write(file, '');
    for (const file of ['.prettierrc.json', 'eslint.config.mjs']) tree.delete(file);
    await init();
    expect(tree.children('.')).toEqual(expect.arrayContaining(['vitest.shared.mts', 'tsconfig.json']));
    expect(tree.exists('eslint.config.mjs')).toBe(false);
    expect(tree.exists('.prettierrc.json')).toBe(false);
  });

  it('keeps the start command that the workspace has', async () => {
    tree.write('package.json', JSON.stringify({ name: 'shop', scripts: { start: 'node server.js' } }));
    await init();
    expect(readJson<object>(tree, 'package.json')).toMatchObject({ scripts: { start: 'node server.js' } });
  });

  it('adds the compiler options that are missing, and warns of those that cannot work', async () => {
    tree.write(
      'tsconfig.base.json',
      '{ "compilerOptions": { "module": "esnext", "moduleResolution": "NodeNext" } }',
    );
    await init();
    expect(readJson<object>(tree, 'tsconfig.base.json')).toMatchObject({
      compilerOptions: { module: 'esnext', experimentalDecorators: true },
    });
    expect(vi.mocked(logger.warn).mock.calls).toEqual([[expect.stringContaining('sets module to "esnext"')]]);
  });

  it.each(['@acme', 'Acme', '', '../acme'])('refuses the npm scope %j and writes nothing', async (scope) => {
    const before = written();
    await expect(init(scope)).rejects.toThrow('No npm scope can be named');
    expect(written()).toEqual(before);
  });
});

describe('preset', () => {
  it('prepares the new workspace', async () => {
    await presetGenerator(tree, { skipInstall: true });
    expect(readNxJson(tree)?.plugins).toContain('@countersign/nx/plugin');
  });
});
