import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type BenchResult } from '../bench.js';
import { earlierResults, replaced } from './earlier-results.js';
import { environment } from './environment.js';

const result = (name: string, title: string): BenchResult => ({
  name,
  title,
  rows: [],
  figures: [],
  notes: [],
});

describe('the results of an earlier run', () => {
  let folder: string;
  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'bench-'))));
  afterEach(() => rm(folder, { recursive: true }));

  async function written(change: object): Promise<string> {
    const file = join(folder, 'bench.json');
    const report = {
      environment: { ...environment(), date: '2026-01-01', ...change },
      results: [result('a', 'old')],
    };
    await writeFile(file, JSON.stringify(report));
    return file;
  }

  it('are taken over from the same machine', async () => {
    expect(await earlierResults(await written({}), environment())).toEqual([result('a', 'old')]);
  });

  it.each([{ node: 'v1.0.0' }, { cpu: 'another' }, { versions: { jose: '1.0.0' } }])(
    'are refused from another: %j',
    async (change) => {
      await expect(earlierResults(await written(change), environment())).rejects.toThrow(
        'of another machine',
      );
    },
  );

  it('make way for newer ones, in the order of the benches', () => {
    const [a, b, newer, c] = [result('a', 'old'), result('b', 'old'), result('a', 'new'), result('c', 'new')];
    expect(replaced([b, a], [c, newer], ['a', 'b', 'c'])).toEqual([newer, b, c]);
  });
});
