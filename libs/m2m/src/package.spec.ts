import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

interface Manifest {
  readonly dependencies: Record<string, string>;
  readonly peerDependencies: Record<string, string>;
  readonly peerDependenciesMeta: Record<string, object>;
  readonly exports: Record<string, string | Record<string, string>>;
}

const here = import.meta.dirname;
const manifest = JSON.parse(readFileSync(join(here, '../package.json'), 'utf8')) as Manifest;
const { dependencies, peerDependencies, peerDependenciesMeta, exports } = manifest;
const declared = new Set(Object.keys({ ...dependencies, ...peerDependencies }));
const optional = new Set(Object.keys(peerDependenciesMeta));

/** Every package that an entry loads as soon as it is imported, types left out. */
function loadedBy(entry: string): string[] {
  const packages = new Set<string>();
  const files = new Set<string>([join(here, entry)]);
  for (const file of files) {
    const source = readFileSync(file, 'utf8');
    for (const [, clause = '', from = ''] of source.matchAll(
      /^(?:import|export)\s([^;]*?)from '([^']+)'/gm,
    )) {
      if (clause.startsWith('type ')) continue;
      if (from.startsWith('.')) files.add(join(dirname(file), from.replace(/\.js$/, '.ts')));
      else if (!from.startsWith('node:') && !builtinModules.includes(from))
        packages.add(
          from
            .split('/')
            .slice(0, from.startsWith('@') ? 2 : 1)
            .join('/'),
        );
    }
  }
  return [...packages].sort();
}

const entries = Object.values(exports).flatMap((target) =>
  typeof target === 'string' ? [] : [target['@countersign/source']?.replace('./src/', '') ?? ''],
);

describe('the package', () => {
  it.each(entries)('%s loads nothing that is not declared', (entry) => {
    expect(loadedBy(entry).filter((name) => !declared.has(name))).toEqual([]);
  });

  it('needs no optional package where its subpath is not used', () => {
    expect(loadedBy('index.ts').filter((name) => optional.has(name))).toEqual([]);
    expect(loadedBy('messages.ts')).toContain('@nestjs/microservices');
    expect(loadedBy('health.ts')).toContain('@nestjs/terminus');
  });
});
