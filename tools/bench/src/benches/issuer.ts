import { constants, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { type Bench, type BenchResult, type Figure, type Row } from '../bench.js';
import { inGenerations, type Own } from '../measure/generations.js';
import { type Contender, type Sample } from '../measure/measure-in-turn.js';
import { ServerProcess } from '../measure/server-process.js';
import { estimate } from '../measure/statistics.js';
import { CountersignIssuer } from '../servers/issuers/countersign-issuer.js';
import { type IssuerAlgorithm, type IssuerConfig } from '../servers/issuers/issuer-config.js';

const audience = 'https://things.example/';
const scope = 'read:things';
const clientId = 'caller';
const signaturesPerRound = 2_000;
/** A token costs many times as much while the code that issues it is not compiled yet: some thousand tokens long. */
const warmUpSeconds = 6;

const contracts = {
  things: { audience, scopes: { [scope]: 'Read things' }, allows: { [clientId]: [scope] } },
  [clientId]: { calls: { things: [scope] } },
};

/** CPU microseconds of one bare signature over as many bytes as a token has. */
function microsPerSignature(algorithm: IssuerAlgorithm, key: KeyObject): number {
  const input = Buffer.alloc(400, 'a');
  const { RSA_PKCS1_PSS_PADDING: padding, RSA_PSS_SALTLEN_DIGEST: saltLength } = constants;
  const options = {
    RS256: key,
    PS256: { key, padding, saltLength },
    ES256: { key, dsaEncoding: 'ieee-p1363' as const },
  }[algorithm];
  const before = process.cpuUsage();
  for (let count = 0; count < signaturesPerRound; count++) sign('sha256', input, options);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / signaturesPerRound;
}

const keyFor = (algorithm: IssuerAlgorithm): KeyObject =>
  algorithm === 'ES256'
    ? generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
    : generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;

function contender(
  label: string,
  server: Contender['server'],
  path: string,
  form: Readonly<Record<string, string>>,
): Contender {
  const body = new URLSearchParams({ grant_type: 'client_credentials', ...form }).toString();
  return {
    label,
    server,
    path,
    tokens: [],
    post: { contentType: 'application/x-www-form-urlencoded', body },
  };
}

async function startContenders(algorithm: IssuerAlgorithm, own: Own): Promise<Contender[]> {
  const issuer = own(await CountersignIssuer.start(contracts));
  await issuer.signWith(algorithm, audience);
  const clientSecret = await issuer.secret(clientId);
  const config: IssuerConfig = { algorithm, clientId, clientSecret, audience, scope };
  const stock = own(await ServerProcess.start('servers/issuers/stock-oidc-provider.js', config));
  const bare = own(await ServerProcess.start('servers/issuers/jose-handler.js', config));
  const credentials = { client_id: clientId, client_secret: clientSecret };
  return [
    contender('apps/issuer', issuer, '/oauth/token', { ...credentials, audience }),
    contender('stock oidc-provider, in memory', stock, '/token', { ...credentials, resource: audience }),
    contender('bare handler with jose', bare, '/token', { ...credentials, audience }),
  ];
}

const notesOn = (algorithm: IssuerAlgorithm): string[] => [
  'The client authenticates by its secret in the form.',
  ...(algorithm === 'ES256'
    ? [
        'This signature takes less time than HTTP does: the target is a share of the peer, not of the signature.',
      ]
    : []),
];

/** Tokens a second of the issuer, beside stock oidc-provider, a bare handler and the signature alone. */
export function issuerBench(algorithm: IssuerAlgorithm, quick: boolean): Bench {
  const name = `issuer-${algorithm.toLowerCase()}`;
  const title = `Issuing a token signed with ${algorithm}`;
  return {
    name,
    title,
    quick,
    run: async (effort, progress): Promise<BenchResult> => {
      const key = keyFor(algorithm);
      const signatures: number[] = [];
      const measured = await inGenerations(
        { ...effort, warmUpSeconds },
        progress,
        (own) => startContenders(algorithm, own),
        () => signatures.push(microsPerSignature(algorithm, key)),
      );
      const share = (of: readonly Sample[]): number[] =>
        of.map(({ cpuPerRequest }, round) => (signatures[round] ?? Number.NaN) / cpuPerRequest);
      const rows: Row[] = [...measured].map(([label, of]) => ({
        label,
        values: {
          'tokens/s': estimate(of.map(({ throughput }) => throughput)).median,
          'p99 ms': estimate(of.map(({ p99 }) => p99)).median,
          'CPU µs/token': estimate(of.map(({ cpuPerRequest }) => cpuPerRequest)).median,
          'signing ÷ token': estimate(share(of)).median,
        },
      }));
      rows.push({
        label: 'the signature alone',
        values: { 'CPU µs/token': estimate(signatures).median, 'signing ÷ token': 1 },
      });
      const [ours = [], stock = []] = [...measured.values()];
      const figures: Figure[] = [
        { name: `${name}: bare signing ÷ a token`, estimate: estimate(share(ours)) },
        {
          name: `${name}: stock oidc-provider ÷ apps/issuer, CPU`,
          estimate: estimate(
            stock.map(
              ({ cpuPerRequest }, round) => cpuPerRequest / (ours[round]?.cpuPerRequest ?? Number.NaN),
            ),
          ),
        },
      ];
      return { name, title, rows, figures, notes: notesOn(algorithm) };
    },
  };
}
