import { createRequire } from 'node:module';
import { cpus, totalmem } from 'node:os';
import { generator } from '../load/index.js';
import { pinned } from '../measure/cores.js';

const measured = [
  '@nestjs/core',
  'fastify',
  'express',
  'passport-jwt',
  'jwks-rsa',
  'express-oauth2-jwt-bearer',
  'jose',
  'aws-jwt-verify',
  'fast-jwt',
  'openid-client',
  'simple-oauth2',
] as const;

/** Where a run took place. */
export interface Environment {
  readonly date: string;
  readonly node: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly load: string;
  readonly pinned: boolean;
  readonly versions: Readonly<Record<string, string>>;
}

function versionOf(name: string): string | undefined {
  try {
    const require = createRequire(import.meta.url);
    const lookup = require.resolve.paths(name) ?? [];
    for (const folder of lookup) {
      try {
        return (require(`${folder}/${name}/package.json`) as { version: string }).version;
      } catch {
        continue;
      }
    }
  } catch {
    return undefined;
  }
  return undefined;
}

export function environment(): Environment {
  return {
    date: new Date().toISOString(),
    node: process.version,
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 1e9),
    load: generator,
    pinned,
    versions: Object.fromEntries(
      measured.flatMap((name) => {
        const version = versionOf(name);
        return version === undefined ? [] : [[name, version]];
      }),
    ),
  };
}
