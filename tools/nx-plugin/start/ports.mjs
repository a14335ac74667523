import { createServer } from 'node:net';
import { fail } from './output.mjs';
import { variablePrefix } from './workspace.mjs';

function probe(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) => resolve(error.code ?? error.message));
    server.listen({ port, host: '127.0.0.1' }, () => server.close(() => resolve(undefined)));
  });
}

/**
 * The port of each service: the contract's own, or what `<SERVICE>_PORT` says.
 *
 * @param {{ name: string, port: number }[]} services
 * @returns {Map<string, number>}
 */
export function choosePorts(services) {
  const ports = new Map();
  for (const { name, port } of services) {
    const variable = `${variablePrefix(name)}_PORT`;
    const chosen = Number(process.env[variable] || port);
    if (!Number.isInteger(chosen) || chosen < 1 || chosen > 65535) {
      fail(
        `${variable} must be a port from 1 to 65535, not ${JSON.stringify(process.env[variable] ?? port)}.`,
      );
    }
    const twin = [...ports].find(([, taken]) => taken === chosen);
    if (twin)
      fail(`${name} and ${twin[0]} both want port ${chosen}. Give one of them another by ${variable}.`);
    ports.set(name, chosen);
  }
  return ports;
}

/** Ends the process with a message that names the port where one of them is taken. */
export async function requireFreePorts(ports) {
  for (const [name, port] of ports) {
    const problem = await probe(port);
    if (problem === undefined) continue;
    const what = problem === 'EADDRINUSE' ? 'is taken by another program' : `cannot be used (${problem})`;
    fail(`Port ${port}, on which ${name} listens, ${what}. Potential solutions:`, [
      `stop the program that uses it (lsof -i :${port} names it)`,
      `or choose another: ${variablePrefix(name)}_PORT=${port + 100} npm start`,
    ]);
  }
}
