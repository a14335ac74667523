import { execFileSync } from 'node:child_process';
import { environment } from './program.mjs';

/**
 * Runs npm to its end. Nothing that it installs runs a script.
 *
 * @param {string} cwd
 * @param {string[]} args
 * @param {Record<string, string>} env
 * @param {{ program?: 'npm' | 'npx', timeout?: number }} options `timeout` in milliseconds
 * @returns {string} what it wrote to its standard output
 */
export function npm(cwd, args, env = {}, { program = 'npm', timeout = 180_000 } = {}) {
  try {
    return execFileSync(program, args, {
      cwd,
      env: {
        ...environment,
        npm_config_ignore_scripts: 'true',
        npm_config_audit: 'false',
        npm_config_fund: 'false',
        npm_config_update_notifier: 'false',
        ...env,
      },
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      maxBuffer: 64 * 1024 * 1024,
      timeout,
      shell: process.platform === 'win32',
    });
  } catch (error) {
    const output = `${error.stdout ?? ''}${error.stderr ?? ''}`.slice(-6_000);
    throw new Error(`${program} ${args.join(' ')} failed (${error.code ?? error.status}):\n${output}`, {
      cause: error,
    });
  }
}
