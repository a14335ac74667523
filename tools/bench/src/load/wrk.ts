import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onCore } from '../measure/cores.js';
import { type LoadRequest, type LoadResult } from './load.js';

/** Whether wrk is on this machine. */
export const hasWrk: boolean = spawnSync('wrk', ['--version']).error === undefined;

const script = `
local tokens, n = {}, 0
for line in io.lines(os.getenv("BENCH_TOKENS")) do n = n + 1; tokens[n] = "Bearer " .. line end
local at, method, body = 0, "GET", nil
if os.getenv("BENCH_BODY") then method = "POST"; body = os.getenv("BENCH_BODY") end
request = function()
  if n > 0 then at = at % n + 1 end
  return wrk.format(method, nil, { ["authorization"] = tokens[at], ["content-type"] = os.getenv("BENCH_CONTENT_TYPE") }, body)
end
done = function(summary, latency)
  local e = summary.errors
  io.write(string.format("RESULT %d %d %d %d %d\\n", summary.requests, summary.duration,
    e.connect + e.read + e.write + e.status + e.timeout, latency:percentile(50), latency:percentile(99)))
end
`;

/** Load by wrk on the load core. */
export async function runWrk(request: LoadRequest): Promise<LoadResult> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-wrk-'));
  try {
    const [lua, tokens] = [join(folder, 'load.lua'), join(folder, 'tokens')];
    await writeFile(lua, script);
    await writeFile(tokens, request.tokens.join('\n'), { mode: 0o600 });
    const [command, args] = onCore('load', 'wrk', [
      '-t1',
      `-c${request.connections}`,
      `-d${request.seconds}s`,
      '-s',
      lua,
      request.url,
    ]);
    const output = await new Promise<string>((resolve, reject) => {
      const child = spawn(command, args, {
        env: {
          ...process.env,
          BENCH_TOKENS: tokens,
          ...(request.post && {
            BENCH_BODY: request.post.body,
            BENCH_CONTENT_TYPE: request.post.contentType,
          }),
        },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let text = '';
      child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
      child.once('error', reject);
      child.once('close', () => resolve(text));
    });
    const [requests, micros, failures, p50, p99] =
      /RESULT (.+)/.exec(output)?.[1]?.split(' ').map(Number) ?? [];
    if (
      requests === undefined ||
      micros === undefined ||
      failures === undefined ||
      p50 === undefined ||
      p99 === undefined
    )
      throw new Error(`wrk gave no result:\n${output}`);
    return { requests, seconds: micros / 1e6, failures, p50: p50 / 1000, p99: p99 / 1000 };
  } finally {
    await rm(folder, { recursive: true });
  }
}
