import { existsSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { EnvironmentError, readEnvironment } from '@countersign/bootstrap';
import { checkContracts, formatFinding, loadContracts } from '@countersign/contract';
import { issuerEnv, secretFile, type IssuerEnvironment } from '../configuration/issuer.environment.js';
import { managementAudience } from '../contracts/management-scopes.js';
import { readSecretFile } from '../secrets/secret-file.js';
import { caFile } from '../tls/self-signed.js';
import type { CliError } from './cli.error.js';
import type { JsonAnswer } from './http-json.js';
import { IssuerClient } from './issuer-client.js';

/** What one check found. */
export interface Diagnosis {
  readonly check: 'url' | 'port' | 'issuer' | 'tls' | 'clock' | 'data' | 'token' | 'contracts';
  readonly ok: boolean;
  readonly message: string;
  /** What to do about it. */
  readonly mend?: string;
}

/** How far the clocks of the issuer and of this machine may differ, in seconds. */
const maxSkew = 5;

/** Longest wait for a connection, in milliseconds. */
const connectTimeout = 2_000;

/**
 * Looks for what keeps tokens from being issued or accepted.
 *
 * @param env variables by name, usually `process.env`
 */
export async function diagnose(env: Readonly<Record<string, string | undefined>>): Promise<Diagnosis[]> {
  const options = readOptions(env);
  if ('check' in options) return [options];
  const url = good('url', `ISSUER_URL is ${options.issuer}, with its slash`);
  const local = [dataFolder(options), contracts(options)];
  const port = await portOpen(options);
  if (!port.ok) return [url, port, ...local];
  return [url, port, ...(await remote(options)), ...local];
}

const good = (check: Diagnosis['check'], message: string): Diagnosis => ({ check, ok: true, message });
const bad = (check: Diagnosis['check'], message: string, mend: string): Diagnosis => ({
  check,
  ok: false,
  message,
  mend,
});

function readOptions(env: Readonly<Record<string, string | undefined>>): IssuerEnvironment | Diagnosis {
  try {
    return readEnvironment(env, { issuer: issuerEnv(import.meta.dirname) }).issuer;
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    const problems = error.problems.map(({ variable, message }) => `${variable} ${message}`).join('; ');
    return bad('url', problems, 'Correct the environment; the README of apps/issuer has a table of it.');
  }
}

function portOpen({ issuer }: IssuerEnvironment): Promise<Diagnosis> {
  const { hostname, port, protocol } = new URL(issuer);
  const number = Number(port) || (protocol === 'https:' ? 443 : 80);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname.replace(/^\[|\]$/g, ''), port: number, timeout: connectTimeout });
    const closed = (): void => {
      socket.destroy();
      const mend =
        'Start the issuer: npm start, or node apps/issuer/dist/main.js. Is PORT the port of ISSUER_URL?';
      resolve(bad('port', `nothing listens on ${hostname} port ${number}`, mend));
    };
    socket.once('error', closed).once('timeout', closed);
    socket.once('connect', () => {
      socket.destroy();
      resolve(good('port', `something listens on ${hostname} port ${number}`));
    });
  });
}

async function remote(options: IssuerEnvironment): Promise<Diagnosis[]> {
  const client = new IssuerClient(options);
  const findings: Diagnosis[] = [];
  let answer: JsonAnswer;
  try {
    answer = await client.get('.well-known/openid-configuration');
  } catch (error) {
    return [reachability(error, options)];
  }
  if (options.issuer.startsWith('https:')) findings.push(tls(options));
  findings.push(identity(answer, options), clock(answer));
  try {
    const audience = managementAudience(options.issuer);
    await client.token({ client: options.management.clientId, audience });
    findings.push(good('token', 'the management client gets its token'));
  } catch (error) {
    const mend =
      'Set ISSUER_DATA_DIR to the data folder of the issuer that runs, or delete the secret file and restart it.';
    findings.push(bad('token', error instanceof Error ? error.message : 'no token', mend));
  }
  return findings;
}

function reachability(error: unknown, options: IssuerEnvironment): Diagnosis {
  const message = error instanceof Error ? error.message : 'no answer';
  const { code } = ((error as CliError).cause ?? {}) as { code?: string };
  const untrusted = code !== undefined && /CERT|SELF_SIGNED|ISSUER|VERIFY/i.test(code);
  if (untrusted)
    return bad(
      'tls',
      `the certificate is not trusted (${code})`,
      `Its CA should be ${caFile(options.dataDir)}: set ISSUER_DATA_DIR to the issuer's own.`,
    );
  return bad(
    'issuer',
    message,
    'What listens there is no issuer, or speaks TLS where ISSUER_URL does not say https (or the reverse).',
  );
}

function tls({ dataDir }: IssuerEnvironment): Diagnosis {
  const ca = caFile(dataDir);
  const advice = existsSync(ca) ? `; other programs trust it with NODE_EXTRA_CA_CERTS=${ca}` : '';
  return good('tls', `the certificate is trusted${advice}`);
}

function identity({ body }: JsonAnswer, { issuer }: IssuerEnvironment): Diagnosis {
  const { issuer: said } = (body ?? {}) as { issuer?: unknown };
  if (said === issuer) return good('issuer', `its discovery document says ${issuer}`);
  const mend =
    'iss is compared exactly, slash included: start the issuer and its services with one ISSUER_URL.';
  return bad('issuer', `its discovery document says ${String(said)}, and ISSUER_URL is ${issuer}`, mend);
}

function clock({ headers }: JsonAnswer): Diagnosis {
  const skew = Math.round((Date.parse(headers.date ?? '') - Date.now()) / 1_000);
  if (Number.isNaN(skew)) return bad('clock', 'the issuer sends no Date', 'Is there a proxy that drops it?');
  if (Math.abs(skew) <= maxSkew) return good('clock', 'the clocks agree');
  return bad(
    'clock',
    `the clock of the issuer is ${skew} s ahead of this machine's`,
    'Set both by NTP: tokens are refused as not yet valid or expired.',
  );
}

function dataFolder({ dataDir, management }: IssuerEnvironment): Diagnosis {
  const folder = statSync(dataDir, { throwIfNoEntry: false });
  if (!folder?.isDirectory())
    return bad('data', `there is no data folder ${dataDir}`, 'The first start of the issuer makes it.');
  if (process.platform !== 'win32' && (folder.mode & 0o077) !== 0)
    return bad('data', `others may look into ${dataDir}`, `chmod 700 ${dataDir}`);
  if (
    management.clientSecret === undefined &&
    readSecretFile(secretFile(dataDir, management.clientId)) === undefined
  )
    return bad(
      'data',
      `${dataDir} holds no secret of ${management.clientId}`,
      'Restart the issuer: it writes one.',
    );
  return good('data', `${dataDir} is for its owner alone`);
}

function contracts({ contractsRoot }: IssuerEnvironment): Diagnosis {
  const loaded = loadContracts(contractsRoot);
  const errors = checkContracts(loaded).filter(({ severity }) => severity === 'error');
  if (errors.length > 0)
    return bad(
      'contracts',
      errors.map(formatFinding).join('; '),
      'Correct them: npx nx run-many -t contract-check',
    );
  if (loaded.contracts.length === 0)
    return bad(
      'contracts',
      `there are no contracts below ${contractsRoot}`,
      'Set ISSUER_CONTRACTS to the workspace.',
    );
  return good('contracts', `${loaded.contracts.length} contracts, without an error`);
}
