import { updateJson, type Tree } from '@nx/devkit';

/** What the apps do not compile or run without. */
const required = {
  composite: true,
  module: 'nodenext',
  moduleResolution: 'nodenext',
  resolveJsonModule: true,
  experimentalDecorators: true,
  emitDecoratorMetadata: true,
  skipLibCheck: true,
};

/**
 * Adds compiler options to `tsconfig.base.json` that it does not set.
 *
 * @returns a sentence for each that it sets to something else
 */
export function addCompilerOptions(tree: Tree): string[] {
  const conflicts: string[] = [];
  updateJson<{ compilerOptions?: Record<string, unknown> }>(tree, 'tsconfig.base.json', (tsconfig) => {
    const compilerOptions = { ...tsconfig.compilerOptions };
    for (const [name, wanted] of Object.entries(required)) {
      const present = compilerOptions[name];
      const same = String(present).toLowerCase() === String(wanted);
      if (present === undefined) compilerOptions[name] = wanted;
      else if (!same)
        conflicts.push(
          `tsconfig.base.json sets ${name} to ${JSON.stringify(present)}: generated apps need ${JSON.stringify(wanted)}.`,
        );
    }
    return { ...tsconfig, compilerOptions };
  });
  return conflicts;
}
