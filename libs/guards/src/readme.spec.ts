import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as everything from './index.js';
import { refusals } from './lib/errors/refusals.js';
import { tuningRanges } from './lib/keys/key-set-limits.js';
import { moduleSchema } from './lib/module/module-schema.js';

const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8');
const telemetry = readFileSync(join(import.meta.dirname, 'lib/telemetry/verifier-telemetry.ts'), 'utf8');
const manifest = JSON.parse(readFileSync(join(import.meta.dirname, '../package.json'), 'utf8')) as {
  exports: Record<string, unknown>;
};

const rows = (): readonly string[] =>
  [...readme.matchAll(/^\| `([^`]+)`/gm)].map(([, name]) => name as string);

describe('the README', () => {
  it.each(Object.keys(moduleSchema.shape))('has a row for the option %s', (option) => {
    expect(rows()).toContain(option);
  });

  it.each(Object.entries(tuningRanges))('has the range of keys.%s', (name, [, most]) => {
    const row = readme.split('\n').find((line) => line.startsWith(`| \`${name}\``));
    expect(row).toContain(most.toLocaleString('en-US'));
  });

  it.each(everything.reportOnlyRules)('has a row for the report-only rule %s', (rule) => {
    expect(rows()).toContain(rule);
  });

  it.each(Object.keys(refusals))('names the code %s', (code) => {
    expect(readme).toContain(`\`${code}\``);
  });

  it('has a row for every metric, and for no other', () => {
    const made = [...telemetry.matchAll(/create\w+\('(countersign\.[\w.]+)'/g)].map(
      ([, name]) => name as string,
    );
    expect(made.length).toBeGreaterThan(5);
    expect(
      rows()
        .filter((name) => name.startsWith('countersign.'))
        .sort(),
    ).toEqual(made.sort());
  });

  it.each(Object.keys(manifest.exports).filter((name) => /^\.\/\w+$/.test(name)))(
    'shows the entry point %s',
    (name) => {
      expect(readme).toContain(`@countersign/guards${name.slice(1)}`);
    },
  );

  it('has a row for every decorator', () => {
    const decorators = Object.keys(everything).filter((name) =>
      /^(Require|CallerIs|Caller$|Authenticated|Public|ReportOnly)/.test(name),
    );
    expect(decorators.length).toBeGreaterThan(5);
    for (const name of decorators) expect(rows().some((row) => row.startsWith(`@${name}(`))).toBe(true);
  });
});
