import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../nx-plugin/start/workspace.mjs';

const reports = () =>
  ['libs', 'apps', 'tools'].flatMap((folder) =>
    readdirSync(join(root, folder)).flatMap((name) => [
      { name, file: join(root, folder, name, 'test-output', 'vitest.json') },
      { name: `${name} e2e`, file: join(root, folder, name, 'test-output', 'e2e.json') },
    ]),
  );

/** Removes the reports of earlier runs, so that a project that does not run is not counted. */
export function clearResults() {
  for (const { file } of reports()) rmSync(file, { force: true });
}

function readReport({ name, file }) {
  const report = JSON.parse(readFileSync(file, 'utf8'));
  const brokenFiles = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && assertionResults.every((test) => test.status !== 'failed'),
  ).length;
  return {
    name,
    passed: report.numPassedTests,
    failed: report.numFailedTests + brokenFiles,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/**
 * Adds up what the test runners themselves reported in `<project>/test-output/vitest.json`, and end-to-end
 * runs beside it in `e2e.json`.
 *
 * @returns {{ passed: number, failed: number, skipped: number, projects: { name: string, passed: number, failed: number, skipped: number }[] }}
 */
export function readResults() {
  const projects = reports()
    .filter(({ file }) => existsSync(file))
    .map(readReport);
  const sum = (key) => projects.reduce((total, project) => total + project[key], 0);
  return { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped'), projects };
}
