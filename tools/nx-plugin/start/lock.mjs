import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fail } from './output.mjs';
import { dataDir } from './workspace.mjs';

const file = join(dataDir, 'start.lock');

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Makes this the only start of the workspace, or ends the process and names the one that runs. */
export function takeLock() {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      writeFileSync(file, `${process.pid}\n`, { flag: 'wx', mode: 0o600 });
      process.once('exit', () => rmSync(file, { force: true }));
      return;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const holder = Number.parseInt(readFileSync(file, 'utf8'), 10);
    if (Number.isInteger(holder) && isRunning(holder)) {
      fail(`The services are already running here, started by process ${holder}. Potential solutions:`, [
        'use the ones that run',
        `or stop them: press Ctrl-C in their terminal, or kill ${holder}`,
      ]);
    }
    rmSync(file, { force: true });
  }
  fail(`Another start is under way (${file}).`);
}
