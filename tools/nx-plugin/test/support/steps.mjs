import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Runs named steps in their order. A step that fails ends the run: those after it have nothing to stand on.
 *
 * @param {[name: string, run: () => unknown][]} steps
 * @param {string} reportFile where the count goes, in the form of Vitest's JSON report
 * @returns {Promise<boolean>} whether all of them passed
 */
export async function runSteps(steps, reportFile) {
  let passed = 0;
  let failure;
  for (const [name, run] of steps) {
    const began = performance.now();
    try {
      await run();
      passed++;
      console.log(`ok   ${name} (${((performance.now() - began) / 1000).toFixed(1)} s)`);
    } catch (error) {
      failure = name;
      console.error(`FAIL ${name}\n${error instanceof Error ? error.message : String(error)}`);
      break;
    }
  }
  const report = {
    numPassedTests: passed,
    numFailedTests: failure === undefined ? 0 : 1,
    numPendingTests: steps.length - passed - (failure === undefined ? 0 : 1),
    numTodoTests: 0,
    testResults: [],
  };
  mkdirSync(dirname(reportFile), { recursive: true });
  writeFileSync(reportFile, JSON.stringify(report));
  console.log(failure === undefined ? 'ok' : `failed: ${failure}`);
  return failure === undefined;
}
