import { Command } from 'commander';
import { decodeJwt } from 'jose';
import { secretFile } from '../configuration/issuer.environment.js';
import { readSecretFile } from '../secrets/secret-file.js';
import { CliError } from './cli.error.js';
import { diagnose } from './doctor.js';
import type { IssuerClient } from './issuer-client.js';
import { show, table, type Output } from './output.js';

/** What each command works with. */
export interface CommandContext {
  readonly client: () => IssuerClient;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly output: (command: Command) => Output;
  /** Sets the exit code. */
  readonly exit: (code: number) => void;
}

/** `token --client <id> --audience <audience>`: a token of a client whose secret is in the data folder. */
export function tokenCommand({ client, output }: CommandContext): Command {
  return new Command('token')
    .description('Prints an access token of a client whose secret is in the data folder.')
    .requiredOption('--client <id>', 'client id, which is the name of its service')
    .requiredOption('--audience <audience>', 'API that the token is for')
    .option('--scope <scopes>', 'scopes, separated by spaces; default all that are granted')
    .option('--organization <id or name>', 'organization that the token is for')
    .action(async (question: Parameters<IssuerClient['token']>[0], command: Command) => {
      const { client: id, audience, scope, organization } = question;
      const answer = await client().token({ client: id, audience, scope, organization });
      show(output(command), { ...answer, claims: decodeJwt(answer.access_token) }, answer.access_token);
    });
}

/** `keys list` and `keys rotate`. */
export function keysCommand({ client, output }: CommandContext): Command {
  const keys = new Command('keys').description('The signing keys.');
  keys
    .command('list')
    .description('Lists the signing keys and their states.')
    .action(async (_options, command: Command) => {
      const rows = (await client().manage('GET', 'api/v2/keys/signing')) as Record<string, unknown>[];
      const states = ['current', 'next', 'previous', 'revoked'];
      const shown = rows.map((row) => ({ ...row, state: states.find((state) => row[state] === true) }));
      show(output(command), rows, table(shown, ['kid', 'alg', 'state', 'created_at']));
    });
  keys
    .command('rotate')
    .description('Lets the next signing key sign; tokens of the former key stay valid.')
    .action(async (_options, command: Command) => {
      const answer = (await client().manage('POST', 'api/v2/keys/signing/rotate')) as { kid: string };
      show(output(command), answer, `${answer.kid} signs from now on.`);
    });
  return keys;
}

/** `clients list` and `clients secret rotate <client>`. */
export function clientsCommand({ client, output }: CommandContext): Command {
  const clients = new Command('clients').description('The clients.');
  clients
    .command('list')
    .description('Lists the clients.')
    .action(async (_options, command: Command) => {
      const rows = await client().all('api/v2/clients', 'clients');
      show(output(command), rows, table(rows, ['client_id', 'name', 'token_endpoint_auth_method']));
    });
  clients
    .command('secret')
    .description('The secrets of a client.')
    .command('rotate <client>')
    .description('Gives a client a new secret; the one before stays valid until the next rotation.')
    .action(async (id: string, _options, command: Command) => {
      const issuer = client();
      const path = `api/v2/clients/${encodeURIComponent(id)}/rotate-secret`;
      const { client_id, client_secret } = (await issuer.manage('POST', path)) as Record<string, string>;
      const file = secretFile(issuer.options.dataDir, id);
      const inFile = readSecretFile(file) === client_secret;
      const text = inFile ? `${file} holds the new secret.` : String(client_secret);
      show(output(command), inFile ? { client_id, file } : { client_id, client_secret }, text);
    });
  return clients;
}

/** `grants`: who may ask for what. */
export function grantsCommand({ client, output }: CommandContext): Command {
  return new Command('grants')
    .description('Lists the client grants: who may ask for which scopes at which API.')
    .option('--client <id>', 'only those of one client')
    .option('--audience <audience>', 'only those at one API')
    .action(async (filter: { client?: string; audience?: string }, command: Command) => {
      const query = new URLSearchParams({
        ...(filter.client !== undefined && { client_id: filter.client }),
        ...(filter.audience !== undefined && { audience: filter.audience }),
      });
      const rows = await client().all(`api/v2/client-grants?${query.toString()}`, 'client_grants');
      show(output(command), rows, table(rows, ['client_id', 'audience', 'scope']));
    });
}

/** `events`: which tokens were issued and refused, and why. */
export function eventsCommand({ client, output }: CommandContext): Command {
  return new Command('events')
    .description('Lists the tokens that were issued and refused, the newest first.')
    .option('--client <id>', 'only those of one client')
    .option('--refused', 'only refusals')
    .option('--take <number>', 'how many, from 1 to 100', '20')
    .action(async (filter: { client?: string; refused?: boolean; take: string }, command: Command) => {
      if (!/^(?:[1-9]\d?|100)$/.test(filter.take))
        throw new CliError('usage', '--take must be a whole number from 1 to 100.');
      const query = new URLSearchParams({
        take: filter.take,
        ...(filter.client !== undefined && { client_id: filter.client }),
        ...(filter.refused && { type: 'token_refused' }),
      });
      const { events } = (await client().manage('GET', `events?${query.toString()}`)) as {
        events: Record<string, unknown>[];
      };
      const columns = ['at', 'type', 'client_id', 'audience', 'scope', 'reason', 'detail'];
      show(output(command), events, table(events, columns));
    });
}

/** `drift`: what a person changed and the contracts say otherwise. */
export function driftCommand({ client, output, exit }: CommandContext): Command {
  return new Command('drift')
    .description(
      'Shows what was changed by API and the contracts say otherwise. Exits with 1 where there is any.',
    )
    .action(async (_options, command: Command) => {
      const { drift } = (await client().manage('GET', 'drift')) as { drift: Record<string, unknown>[] };
      const text =
        drift.length === 0
          ? 'All is as the contracts say.'
          : table(drift, ['kind', 'key', 'difference', 'message']);
      show(output(command), drift, text);
      exit(drift.length === 0 ? 0 : 1);
    });
}

/** `reset --yes`: back to what the contracts say. */
export function resetCommand({ client, output }: CommandContext): Command {
  return new Command('reset')
    .description(
      'Undoes what was changed by API: APIs, clients, grants, Actions and organizations are as the contracts say.',
    )
    .option('--yes', 'do it')
    .action(async ({ yes }: { yes?: boolean }, command: Command) => {
      if (!yes) throw new CliError('usage', 'This deletes what was made by API. Say --yes to do it.');
      const answer = (await client().manage('POST', 'drift/reset')) as { reset: number };
      show(output(command), answer, `${answer.reset} differences are gone: all is as the contracts say.`);
    });
}

/** `doctor`: what is wrong, and how to mend it. */
export function doctorCommand({ env, output, exit }: CommandContext): Command {
  return new Command('doctor')
    .description(
      'Checks URL, TLS, clock, port, secrets and contracts. Exits with 1 where something is wrong.',
    )
    .action(async (_options, command: Command) => {
      const findings = await diagnose(env);
      const text = findings.map(
        ({ check, ok, message, mend }) =>
          `${ok ? 'ok  ' : 'FAIL'}  ${check.padEnd(9)}  ${message}${mend ? `\n                 ${mend}` : ''}`,
      );
      show(output(command), findings, text.join('\n'));
      exit(findings.every(({ ok }) => ok) ? 0 : 1);
    });
}
