import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from './cli.js';
import { ContractError } from './contract-error.js';
import { loadContracts } from './load-contracts.js';
import { maxContractBytes } from './parse/read-text.js';
import { readContract } from './read-contract.js';

let root: string;
beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'contracts-'))));
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(app: string, content: unknown): string {
  mkdirSync(join(root, 'apps', app), { recursive: true });
  const file = join(root, 'apps', app, 'contract.json');
  writeFileSync(
    file,
    typeof content === 'string' || Buffer.isBuffer(content) ? content : JSON.stringify(content),
  );
  return file;
}

const caught = (run: () => unknown) => {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
};

describe('loadContracts', () => {
  it('reads every contract, sorted, by path and by URL', () => {
    write('b', { service: 'b' });
    write('a', { service: 'a' });
    mkdirSync(join(root, 'apps', 'none'));
    const loaded = loadContracts(root);
    expect(loaded.contracts.map(({ file }) => file)).toEqual([
      'apps/a/contract.json',
      'apps/b/contract.json',
    ]);
    expect(loadContracts(pathToFileURL(root))).toEqual(loaded);
    expect(loaded.findings).toEqual([]);
  });

  it('takes another pattern', () => {
    mkdirSync(join(root, 'services', 'a'), { recursive: true });
    writeFileSync(join(root, 'services', 'a', 'contract.json'), '{"service":"a"}');
    expect(loadContracts(root).contracts).toEqual([]);
    expect(loadContracts(root, 'services/*/contract.json').contracts).toHaveLength(1);
  });

  it('keeps the good ones beside those that it cannot use', () => {
    write('good', { service: 'good' });
    write('broken', '{');
    write('latin', Buffer.from([0x22, 0xe9, 0x22]));
    write('large', ' '.repeat(maxContractBytes + 1));
    symlinkSync(join(root, 'nowhere'), join(root, 'apps', 'good', 'link'));
    const { contracts, findings } = loadContracts(root);
    expect(contracts.map(({ contract }) => contract.service)).toEqual(['good']);
    expect(findings.map(({ code, file }) => `${file} ${code}`)).toEqual([
      'apps/broken/contract.json json_malformed',
      'apps/large/contract.json file_too_large',
      'apps/latin/contract.json json_malformed',
    ]);
  });

  it('finds nothing in a folder that does not exist', () => {
    expect(loadContracts(join(root, 'nowhere'))).toEqual({ contracts: [], findings: [] });
  });
});

describe('readContract', () => {
  it('reads one file, by path and by URL', () => {
    const file = write('a', { service: 'a' });
    expect(readContract(file)).toEqual({ service: 'a', scopes: {}, allows: {}, calls: {} });
    expect(readContract(pathToFileURL(file))).toEqual(readContract(file));
  });

  it.each<[string, unknown]>([
    ['json_malformed', '{'],
    ['schema_invalid', { service: 'A' }],
    ['audience_missing', { service: 'a', scopes: { x: 'X' } }],
    ['file_too_large', ' '.repeat(maxContractBytes + 1)],
  ])('throws %s with its findings', (code, content) => {
    const error = caught(() => readContract(write('a', content)));
    expect(error).toBeInstanceOf(ContractError);
    expect(error).toMatchObject({ code, findings: [{ code, severity: 'error' }] });
  });

  it('accepts a file of exactly the greatest size', () => {
    expect(readContract(write('a', '{"service":"a"}'.padEnd(maxContractBytes))).service).toBe('a');
  });

  it.each([
    ['a file that is not there', 'nowhere.json'],
    ['a folder', 'apps'],
  ])('refuses %s', (_, name) => {
    mkdirSync(join(root, 'apps'));
    expect(caught(() => readContract(join(root, name)))).toMatchObject({ code: 'file_unreadable' });
  });
});

describe('countersign-contract', () => {
  function run(...args: string[]) {
    const written = { out: '', err: '' };
    const code = runCli(args, { out: (text) => (written.out += text), err: (text) => (written.err += text) });
    return { code, ...written };
  }

  it('exits 0 with a count where all is well', () => {
    write('a', { service: 'a' });
    expect(run('check', '--root', root)).toEqual({
      code: 0,
      out: '1 contract: 0 errors, 0 warnings\n',
      err: '',
    });
  });

  it('prints each finding and exits 1 on an error', () => {
    write('a', { service: 'a', calls: { b: ['x'] } });
    const { code, out } = run('check', '--root', root);
    expect(code).toBe(1);
    expect(out).toMatch(/^apps\/a\/contract\.json#\/calls\/b service_unknown No contract is named b\./);
    expect(out).toMatch(/\n1 contract: 1 error, 0 warnings\n$/);
  });

  it('exits 0 on a warning', () => {
    write('a', { service: 'a', audience: 'https://a', scopes: { x: 'X' }, allows: { b: ['x'] } });
    write('b', { service: 'b' });
    expect(run('check', '--root', root)).toMatchObject({
      code: 0,
      out: expect.stringContaining('1 warning') as string,
    });
  });

  it('prints JSON', () => {
    write('a', '{');
    const { code, out } = run('check', '--root', root, '--json');
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject([
      { code: 'json_malformed', file: 'apps/a/contract.json', pointer: '' },
    ]);
  });

  it('exits 1 where there is nothing to check', () => {
    expect(run('check', '--root', root)).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringContaining('--root') as string,
    });
  });

  it.each([[[]], [['chekc']], [['check', 'more']], [['check', '--rot', '.']]])('exits 2 for %j', (args) => {
    expect(run(...args)).toMatchObject({ code: 2, out: '', err: expect.stringContaining('Usage') as string });
    expect(run('--help')).toMatchObject({
      code: 0,
      err: '',
      out: expect.stringContaining('Usage') as string,
    });
  });

  it('checks a hundred contracts within two seconds', () => {
    for (let index = 0; index < 100; index += 1) {
      write(`s${index}`, {
        service: `s${index}`,
        audience: `https://s${index}.example`,
        scopes: { read: 'Read' },
        allows: { [`s${(index + 99) % 100}`]: ['read'] },
        calls: { [`s${(index + 1) % 100}`]: ['read'] },
      });
    }
    const began = performance.now();
    expect(run('check', '--root', root)).toMatchObject({ code: 0 });
    expect(performance.now() - began).toBeLessThan(2000);
  });
});
