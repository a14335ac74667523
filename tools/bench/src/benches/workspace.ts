import { type Bench, type BenchResult } from '../bench.js';
import { estimate } from '../measure/statistics.js';
import { WorkspaceCopy } from './workspace-copy.js';

const services = 50;
const fewestRounds = 3;
const title = `A workspace of ${services} generated services`;

/** How long a developer waits where there are many services: seconds of whole processes, not ratios. */
export const workspaceBench: Bench = {
  name: 'workspace',
  title,
  quick: false,
  run: async (effort, progress): Promise<BenchResult> => {
    progress(`generating ${services} services and ${services} connections`);
    await using workspace = await WorkspaceCopy.withServices(services);
    const tasks = [
      {
        label: 'nx g @countersign/nx:service',
        figure: 'workspace: generating one more service, s',
        run: () => workspace.generateService(),
        seconds: [] as number[],
      },
      {
        label: 'countersign-contract check',
        figure: `workspace: checking the contracts of ${services} services, s`,
        run: () => workspace.checkContracts(),
        seconds: [] as number[],
      },
      {
        label: 'nx show projects, nothing cached',
        figure: `workspace: project graph of ${services} services from cold, s`,
        run: () => workspace.createGraph(),
        seconds: [] as number[],
      },
      {
        label: 'the same, NX_ISOLATE_PLUGINS=false',
        figure: 'workspace: the same graph, plugins in the process of Nx, s',
        run: () => workspace.createGraph({ NX_ISOLATE_PLUGINS: 'false' }),
        seconds: [] as number[],
      },
    ];
    const rounds = Math.max(fewestRounds, effort.rounds);
    for (let round = 1; round <= rounds; round++) {
      for (const { label, run, seconds } of tasks) {
        progress(`${label}, ${round} of ${rounds}`);
        seconds.push(await run());
      }
    }
    return {
      name: 'workspace',
      title,
      rows: tasks.map(({ label, seconds }) => ({ label, values: { s: estimate(seconds).median } })),
      figures: tasks.map(({ figure, seconds }) => ({ name: figure, estimate: estimate(seconds) })),
      notes: [
        'Whole processes on all cores, without the daemon of Nx. The services call each other in a ring, over HTTP, TCP, gRPC and NATS.',
        'Not in --quick: to generate the services alone takes half a minute.',
      ],
    };
  },
};
