import { defineConfig, type ViteUserConfig } from 'vitest/config';

/**
 * The one Vitest set-up of the workspace: specs beside the code and in `test/`, sources of the other packages by
 * the workspace's own export condition, decorator metadata for Nest.
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
      include: ['src/**/*.spec.ts', 'test/**/*.e2e-spec.ts'],
      testTimeout: 20_000,
      hookTimeout: 60_000,
      restoreMocks: true,
      reporters: ['default', 'json'],
      outputFile: { json: 'test-output/vitest.json' },
      coverage: { reportsDirectory: 'test-output/coverage' },
    },
  });
}
