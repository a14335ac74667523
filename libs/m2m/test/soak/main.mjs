// Runs the soak for as long as it is told: `npm run soak -w @countersign/m2m -- --minutes 5 --seed 7`.
import { spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { minutes: { type: 'string' }, seed: { type: 'string' } } });
const minutes = Number(values.minutes ?? 5);
const seed = Number(values.seed ?? randomInt(2 ** 31));
if (!(minutes > 0 && minutes <= 1_440) || !Number.isSafeInteger(seed)) {
  console.error('Usage: soak [--minutes 5] [--seed 7], with 0 to 1,440 minutes and a whole number.');
  process.exit(2);
}
const folder = mkdtempSync(join(tmpdir(), 'soak-'));
const report = join(folder, 'report.txt');
const { status } = spawnSync('npx', ['vitest', 'run', 'test/soak.e2e-spec.ts'], {
  cwd: join(import.meta.dirname, '../..'),
  env: {
    ...process.env,
    REQUIRE_SERVICES: '1',
    SOAK_SECONDS: String(Math.max(1, Math.round(minutes * 60))),
    SOAK_SEED: String(seed),
    SOAK_REPORT: report,
  },
  stdio: 'inherit',
});
if (existsSync(report)) console.log(readFileSync(report, 'utf8'));
rmSync(folder, { recursive: true, force: true });
process.exit(status ?? 1);
