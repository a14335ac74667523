import { fileURLToPath } from 'node:url';
import { build } from 'vite';

/**
 * Bundles a TypeScript program with the sources it uses, so that a test can run it as a process of its own.
 *
 * @param entry the program
 * @returns path of the bundle
 */
export async function buildProgram(entry: URL): Promise<string> {
  const outDir = fileURLToPath(new URL('../../test-output/programs/', import.meta.url));
  const conditions = ['@countersign/source'];
  await build({
    configFile: false,
    logLevel: 'error',
    oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
    ssr: { noExternal: [/^@countersign\//], resolve: { conditions } },
    build: {
      ssr: fileURLToPath(entry),
      outDir,
      emptyOutDir: false,
      minify: false,
      rolldownOptions: { output: { entryFileNames: '[name].mjs' } },
    },
  });
  const name = entry.pathname.split('/').at(-1)!.replace(/\.ts$/, '.mjs');
  return `${outDir}${name}`;
}
