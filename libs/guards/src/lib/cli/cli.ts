import { Command, CommanderError } from 'commander';
import { authManifestCommand } from './auth-manifest.command.js';
import { CliError } from './cli.error.js';
import { explainCommand } from './explain.command.js';

/** Where the command reads and writes. */
export interface Streams {
  readonly out: (text: string) => unknown;
  readonly err: (text: string) => unknown;
  readonly stdin: AsyncIterable<Uint8Array | string>;
}

/**
 * The command `countersign-auth`.
 *
 * @param args what follows the command's name
 * @returns the exit code: 0 for yes, 1 for no (a stale manifest, a refused token), 2 for a command that cannot be done
 */
export async function runCli(args: readonly string[], streams: Streams): Promise<number> {
  let status = 0;
  const program = new Command('countersign-auth')
    .description('Reads what a built service requires of its callers, without starting it.')
    .exitOverride()
    .configureOutput({ writeOut: streams.out, writeErr: (text) => streams.err(withoutTokens(text)) });
  const done = (code: number): void => void (status = code);
  for (const add of [authManifestCommand, explainCommand]) add(program, streams, done);
  try {
    await program.parseAsync([...args], { from: 'user' });
    return status;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (!(error instanceof CliError)) throw error;
    streams.err(withoutTokens(`${error.message}\n`));
    return 2;
  }
}

/** What is not known of the arguments is repeated, and a token may be among them by mistake. */
function withoutTokens(text: string): string {
  return text.replace(/eyJ[\w.-]+/g, '<token>');
}
