import { updateJson, type Tree } from '@nx/devkit';

/** What the apps do not compile or run without. */
const required = {
  composite: true,
  types: ['node'],
  module: 'nodenext',
  moduleResolution: 'nodenext',
  resolveJsonModule: true,
  experimentalDecorators: true,
  emitDecoratorMetadata: true,
  skipLibCheck: true,
};

const satisfies = (present: unknown, wanted: unknown): boolean =>
  Array.isArray(present) && Array.isArray(wanted)
    ? wanted.every((member) => present.includes(member))
    : String(present).toLowerCase() === String(wanted);

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
      if (present === undefined) compilerOptions[name] = wanted;
      else if (!satisfies(present, wanted))
        conflicts.push(
          `tsconfig.base.json sets ${name} to ${JSON.stringify(present)}: generated apps need ${JSON.stringify(wanted)}.`,
        );
    }
    return { ...tsconfig, compilerOptions };
  });
  return conflicts;
}
