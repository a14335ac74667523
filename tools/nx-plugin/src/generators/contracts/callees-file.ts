import { format, type Options } from 'prettier';
import type { AppContract } from '../../contracts/contracts-of.ts';

/** Where an app keeps what it knows of its callees, from the app's folder. */
export const calleesPath = 'src/callees.gen.ts';

const byText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/**
 * The source of a caller's `callees.gen.ts`: the audience of each callee, from the callee's contract, and the scopes
 * that the caller asks for. A callee without an audience is left out, so that a client for it does not compile.
 *
 * @param style the workspace's Prettier options
 */
export function calleesFile(
  caller: AppContract,
  audiences: ReadonlyMap<string, string>,
  style: Options | null,
): Promise<string> {
  const entries = Object.entries(caller.calls)
    .sort(([a], [b]) => byText(a, b))
    .flatMap(([service, scopes]) => {
      const audience = audiences.get(service);
      if (audience === undefined) return [];
      return `${JSON.stringify(service)}: ${JSON.stringify({ audience, scopes: [...scopes].sort(byText) })},`;
    });
  const source = `// Generated from the contracts by \`nx sync\`. Do not edit.

/** The services that ${caller.service} calls: the audience of each, and the scopes to ask for. */
export const callees = {
${entries.join('\n')}
} as const;
`;
  return format(source, { ...style, parser: 'typescript' });
}
