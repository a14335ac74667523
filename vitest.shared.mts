import { join } from 'node:path';
import { defineConfig, type ViteUserConfig } from 'vitest/config';

/**
 * The one Vitest set-up of the workspace: specs beside the code and in `test/`, sources of the other packages by
 * the workspace's own export condition, decorator metadata for Nest, and an output guard that fails a file when a
 * secret or a token is written by it or by what it starts.
 *
 * @param root absolute folder of the project
 */
export function projectConfig(root: string): ViteUserConfig {
  const conditions = ['@countersign/source'];
  return defineConfig({
    root,
    resolve: { conditions },
    ssr: { resolve: { conditions } },
    oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
    test: {
      environment: 'node',
      watch: false,
      setupFiles: [join(import.meta.dirname, 'libs/testing/src/output-guard.ts')],
      include: ['src/**/*.spec.ts', 'test/**/*.e2e-spec.ts'],
      testTimeout: 20_000,
      hookTimeout: 60_000,
      maxConcurrency: 12,
      restoreMocks: true,
      reporters: ['default', 'json'],
      outputFile: { json: 'test-output/vitest.json' },
      coverage: { reportsDirectory: 'test-output/coverage' },
    },
  });
}
