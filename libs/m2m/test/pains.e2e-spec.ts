import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const table = await readFile(join(root, 'docs/pains.md'), 'utf8');
const shown = [...table.matchAll(/`((?:src|test)\/[\w./-]+\.ts)`: `(.+?)`(?=<br>| *\|)/g)].map(
  ([, file = '', title = '']) => ({ file, title }),
);

describe('docs/pains.md', () => {
  it('shows a test for each pain', () => {
    const rows = table
      .split('\n')
      .filter((line) => line.startsWith('| '))
      .slice(2);
    expect(rows.length).toBeGreaterThan(20);
    expect(rows.filter((row) => !shown.some(({ title }) => row.includes(title)))).toEqual([]);
  });

  it.each(shown)('$file has "$title"', async ({ file, title }) => {
    expect(await readFile(join(root, file), 'utf8')).toContain(title);
  });
});
