import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ActionFolder } from './action-folder.js';

let root: string;
let folder: ActionFolder;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'actions-'));
  folder = new ActionFolder(join(root, 'actions'), join(root, 'secrets'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(name: string, text: string): void {
  mkdirSync(join(root, 'actions'), { recursive: true });
  writeFileSync(join(root, 'actions', name), text);
}

describe('ActionFolder', () => {
  it('has no Actions where there is no folder', () => {
    expect(folder.current()).toEqual([]);
  });

  it('has its files in the order of their names, and nothing else', () => {
    write('b.js', 'b');
    write('a.cjs', 'a');
    write('README.md', '');
    expect(folder.current().map(({ name, code }) => [name, code])).toEqual([
      ['a.cjs', 'a'],
      ['b.js', 'b'],
    ]);
  });

  it('sees an edit, a new file and a file that is gone', () => {
    write('a.js', 'one');
    expect(folder.current()).toMatchObject([{ code: 'one' }]);
    write('a.js', 'two');
    write('b.js', 'b');
    expect(folder.current()).toMatchObject([{ code: 'two' }, { code: 'b' }]);
    rmSync(join(root, 'actions', 'a.js'));
    expect(folder.current()).toMatchObject([{ code: 'b' }]);
  });

  it('gives an Action the secrets of its name', () => {
    write('a.js', '');
    mkdirSync(join(root, 'secrets'));
    writeFileSync(join(root, 'secrets', 'a.json'), '{"key":"hidden"}');
    expect(folder.current()).toMatchObject([{ secrets: { key: 'hidden' } }]);
  });

  it.each<[string, () => void]>([
    ['a file that is too large', () => write('a.js', 'x'.repeat(100_001))],
    [
      'more files than Actions may be bound',
      () => Array.from({ length: 21 }, (_, index) => write(`a${index}.js`, '')),
    ],
    [
      'secrets that are no object of texts',
      () => {
        write('a.js', '');
        mkdirSync(join(root, 'secrets'));
        writeFileSync(join(root, 'secrets', 'a.json'), '{"key":1}');
      },
    ],
  ])('refuses %s', (_name, prepare) => {
    prepare();
    expect(() => folder.current()).toThrow(expect.objectContaining({ code: 'action_unreadable' }) as Error);
  });
});
