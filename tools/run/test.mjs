import { ensureInstalled } from './lib/install.mjs';

ensureInstalled();
const { nx } = await import('../nx-plugin/start/nx.mjs');
const { heading, table } = await import('../nx-plugin/start/output.mjs');
const { clearResults, readResults } = await import('./lib/results.mjs');

clearResults();
const status = nx(['run-many', '-t', 'test', ...process.argv.slice(2)]);
const { projects, ...total } = readResults();
const cells = ({ passed, failed, skipped }) => [String(passed), String(failed), String(skipped)];
heading('Tests');
table([
  ['project', 'passed', 'failed', 'skipped'],
  ...projects.map((project) => [project.name, ...cells(project)]),
  ['total', ...cells(total)],
]);
process.exit(status);
