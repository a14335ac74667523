import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const port = 4222;

/**
 * Sees to a NATS server where generated services look for it on a laptop: the one that answers there, else the machine's own
 * `nats-server`, started for the run.
 *
 * @returns {Promise<{ stop: () => Promise<void> } | undefined>} nothing, after a line that says so, where there is neither
 * @throws Error instead, where `REQUIRE_SERVICES` is 1
 */
export async function startNats() {
  if (await answers()) return { stop: async () => undefined };
  const server = spawn('nats-server', ['-a', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
  const ended = once(server, 'exit').catch(() => undefined);
  if (await Promise.race([ended.then(() => false), answersSoon()])) {
    return {
      async stop() {
        server.kill();
        await ended;
      },
    };
  }
  server.kill();
  const missing = `No NATS server answers at 127.0.0.1:${port}, and no nats-server could be started.`;
  if (process.env.REQUIRE_SERVICES === '1') throw new Error(missing);
  console.log(`skip ${missing} What would be called over NATS is called over TCP.`);
  return undefined;
}

async function answersSoon() {
  for (let attempt = 0; attempt < 100; attempt++) {
    if (await answers()) return true;
    await sleep(50);
  }
  return false;
}

const answers = () =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const done = (open) => {
      socket.destroy();
      resolve(open);
    };
    socket.once('connect', () => done(true)).once('error', () => done(false));
  });
