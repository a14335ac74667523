import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ContractWatcher } from './contract-watcher.js';

let root: string;
let watcher: ContractWatcher;
const onChange = vi.fn<() => Promise<void>>();
const onError = vi.fn<(error: unknown) => void>();

function write(name: string, text: string): void {
  mkdirSync(join(root, 'apps', name), { recursive: true });
  writeFileSync(join(root, 'apps', name, 'contract.json'), text);
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'contracts-'));
  write('shop', '{}');
  onChange.mockReset().mockResolvedValue(undefined);
  onError.mockReset();
  watcher = new ContractWatcher(root, onChange, onError);
});
afterEach(async () => {
  await watcher.stop();
  rmSync(root, { recursive: true, force: true });
});

/** Looks so often, and lets what that begins be done. */
async function look(times: number): Promise<void> {
  for (let index = 0; index < times; index++) watcher.look();
  await watcher.stop();
}

describe('ContractWatcher', () => {
  it('tells nothing while nothing changes', async () => {
    await look(3);
    expect(onChange).not.toHaveBeenCalled();
  });

  it.each([
    ['edited', () => write('shop', '{"a":1}')],
    ['added', () => write('stock', '{}')],
    ['removed', () => rmSync(join(root, 'apps', 'shop', 'contract.json'))],
  ])('tells once that a contract was %s', async (_name, act) => {
    act();
    await look(4);
    expect(onChange).toHaveBeenCalledOnce();
  });

  it('waits until the files are left alone', async () => {
    write('shop', '{"a":1}');
    watcher.look();
    write('shop', '{"a":12}');
    await look(1);
    expect(onChange).not.toHaveBeenCalled();
    await look(1);
    expect(onChange).toHaveBeenCalledOnce();
  });

  it('goes on after an error', async () => {
    onChange.mockRejectedValueOnce(new Error('no'));
    write('shop', '{"a":1}');
    await look(2);
    expect(onError).toHaveBeenCalledOnce();
    write('shop', '{"a":12}');
    await look(2);
    expect(onChange).toHaveBeenCalledTimes(2);
  });
});
