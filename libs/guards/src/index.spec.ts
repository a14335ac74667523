import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

interface Manifest {
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta: Readonly<Record<string, { readonly optional?: boolean }>>;
}

const src = import.meta.dirname;
const root = dirname(src);
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;
const declared = [...Object.keys(manifest.dependencies), ...Object.keys(manifest.peerDependencies)];
const optional = Object.keys(manifest.peerDependenciesMeta);

const sources = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'))
  .map((file) => join(src, file));

/** What a file imports: everything, or what is loaded with it. */
function importsOf(file: string, loaded: 'all' | 'with it' = 'all'): string[] {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest);
  const found = source.statements.flatMap((statement) => {
    if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) return [];
    const { moduleSpecifier } = statement;
    if (!moduleSpecifier || !ts.isStringLiteral(moduleSpecifier)) return [];
    const types = ts.isImportDeclaration(statement)
      ? statement.importClause?.isTypeOnly
      : statement.isTypeOnly;
    return types && loaded === 'with it' ? [] : [moduleSpecifier.text];
  });
  if (loaded === 'with it') return found;
  const dynamic = [...source.text.matchAll(/\bimport\('([^']+)'\)/g)].map(([, name]) => name as string);
  return [...found, ...dynamic];
}

const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
const isPackage = (specifier: string): boolean =>
  !specifier.startsWith('.') && !specifier.startsWith('node:');

/** The packages that are loaded when one entry point is. */
function packagesLoadedBy(entry: string, seen = new Set<string>()): Set<string> {
  const packages = new Set<string>();
  if (seen.has(entry)) return packages;
  seen.add(entry);
  for (const specifier of importsOf(entry, 'with it')) {
    if (isPackage(specifier)) packages.add(packageOf(specifier));
    else if (specifier.startsWith('.')) {
      const file = resolve(dirname(entry), specifier.replace(/\.js$/, '.ts'));
      for (const name of packagesLoadedBy(file, seen)) packages.add(name);
    }
  }
  return packages;
}

const entries = Object.entries(manifest.exports).flatMap(([name, target]) =>
  typeof target === 'string' ? [] : [[name, target] as const],
);

describe('the package', () => {
  it('declares every package that its sources import', () => {
    const imported = new Set(sources.flatMap((file) => importsOf(file).filter(isPackage).map(packageOf)));
    expect([...imported].filter((name) => !declared.includes(name))).toEqual([]);
    expect(imported).toContain('jwks-rsa');
  });

  it.each(entries)('has a source and an export for %s', async (name, target) => {
    const source = join(root, target['@countersign/source'] as string);
    expect(existsSync(source)).toBe(true);
    expect(target['default']).toBe(
      target['@countersign/source']?.replace('./src/', './dist/').replace(/\.ts$/, '.js'),
    );
    const exported = (await import(/* @vite-ignore */ `@countersign/guards${name.slice(1)}`)) as Record<
      string,
      unknown
    >;
    expect(Object.values(exported).length).toBeGreaterThan(0);
    expect(Object.values(exported)).not.toContain(undefined);
  });

  it('loads no optional package with its main entry point', () => {
    const loaded = packagesLoadedBy(join(src, 'index.ts'));
    expect(loaded).toContain('@nestjs/passport');
    expect([...loaded].filter((name) => optional.includes(name))).toEqual([]);
  });
});
