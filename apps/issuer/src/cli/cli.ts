import { EnvironmentError, readEnvironment } from '@countersign/bootstrap';
import { Command, CommanderError } from 'commander';
import { issuerEnv } from '../configuration/issuer.environment.js';
import { CliError } from './cli.error.js';
import {
  clientsCommand,
  doctorCommand,
  driftCommand,
  eventsCommand,
  grantsCommand,
  keysCommand,
  resetCommand,
  tokenCommand,
  type CommandContext,
} from './commands.js';
import { IssuerClient } from './issuer-client.js';

/** Where the command reads and writes. */
export interface CliIo {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly out: (text: string) => unknown;
  readonly err: (text: string) => unknown;
}

/**
 * The command `countersign-issuer`, which speaks with the running issuer by its management API.
 *
 * @param args what follows the command's name
 * @returns the exit code: 0 for yes, 1 for no (drift, something that the doctor found), 2 for a command that cannot be done
 */
export async function runCli(args: readonly string[], { env, out, err }: CliIo): Promise<number> {
  let status = 0;
  const context: CommandContext = {
    env,
    client: () => new IssuerClient(readEnvironment(env, { issuer: issuerEnv(import.meta.dirname) }).issuer),
    output: (command) => ({ json: command.optsWithGlobals<{ json?: boolean }>().json === true, out }),
    exit: (code) => void (status = code),
  };
  const program = new Command('countersign-issuer')
    .description('The local authorization server, from the command line.')
    .option('--json', 'write JSON, for programs')
    .exitOverride()
    .configureOutput({ writeOut: (text) => void out(text), writeErr: (text) => void err(text) });
  for (const make of [
    tokenCommand,
    keysCommand,
    clientsCommand,
    grantsCommand,
    eventsCommand,
    driftCommand,
    resetCommand,
    doctorCommand,
  ])
    program.addCommand(inherit(make(context), program));
  try {
    await program.parseAsync([...args], { from: 'user' });
    return status;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (!(error instanceof CliError || error instanceof EnvironmentError)) throw error;
    err(`${error.message}\n`);
    return 2;
  }
}

/** `--json` may stand behind each command, and none ends the process by itself. */
function inherit(command: Command, parent: Command): Command {
  command.copyInheritedSettings(parent);
  for (const child of command.commands) inherit(child, command);
  if (command.commands.length === 0) command.option('--json', 'write JSON, for programs');
  return command;
}
