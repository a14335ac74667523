import { format, type Options } from 'prettier';
import type { AppContract } from '../../contracts/contracts-of.ts';
import { messageUrlOf } from '../../contracts/message-url.ts';

/** Where an app keeps what it knows of its callees, from the app's folder. */
export const calleesPath = 'src/callees.gen.ts';

const byText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/**
 * The source of a caller's `callees.gen.ts`: the audience of each callee, from the callee's contract, the scopes that the
 * caller asks for, and where the callee is and takes messages on a laptop. A callee without an audience is left out, so that
 * a client for it does not compile.
 *
 * @param services every contract, by the name of its service
 * @param style the workspace's Prettier options
 */
export function calleesFile(
  caller: AppContract,
  services: ReadonlyMap<string, AppContract>,
  style: Options | null,
): Promise<string> {
  const called = Object.entries(caller.calls)
    .sort(([a], [b]) => byText(a, b))
    .flatMap(([service, scopes]) => {
      const callee = services.get(service);
      if (callee?.audience === undefined) return [];
      const messageUrl = messageUrlOf(callee);
      return { service, callee, messageUrl, audience: callee.audience, scopes: [...scopes].sort(byText) };
    });
  const byMessages = called.filter(({ messageUrl }) => messageUrl !== undefined);
  const source = `// Generated from the contracts by \`nx sync\`. Do not edit.

/** The services that ${caller.service} calls: the audience of each, and the scopes to ask for. */
export const callees = ${literal(called.map(({ service, audience, scopes }) => [service, { audience, scopes }]))} as const;

/** Where they are on a laptop. */
export const defaultUrls = ${literal(called.flatMap(({ service, callee }) => (callee.port === undefined ? [] : [[service, `http://localhost:${callee.port}`]])))} as const;
${
  byMessages.length === 0
    ? ''
    : `
/** Where those take messages on a laptop that ${caller.service} sends messages to. */
export const messageUrls = ${literal(byMessages.map(({ service, messageUrl }) => [service, messageUrl]))} as const;
`
}`;
  return format(source, { ...style, parser: 'typescript' });
}

/** An object literal whose members are data, never code. */
const literal = (entries: readonly (readonly [string, unknown] | unknown[])[]): string =>
  `{\n${entries.map(([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)},`).join('\n')}\n}`;
