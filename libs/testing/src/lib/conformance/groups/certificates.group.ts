import { type Arena, bearer } from '../arena.js';
import { type ConformanceGroup, type RefusalCase, type Scenario } from '../conformance-case.js';
import { expectAccepted } from '../expectations.js';
import { type Shot } from '../http-shot.js';
import { type CertificateHeader } from '../options.js';
import { invalidToken } from '../refusal.js';
import { certificateBoundToken, clientCertificate, headerValue, withCertificate } from '../sender.js';
import { certificateThumbprint } from '../../keys/certificate-thumbprint.js';

type Mtls = 'tls' | CertificateHeader;

const sender = invalidToken('sender_mismatch', 'claim_invalid');

async function boundShot(arena: Arena): Promise<Shot> {
  return bearer(await certificateBoundToken(arena, await clientCertificate('own')));
}

/** A thumbprint that is nearly the right one. */
const thumbprints: readonly (readonly [id: string, title: string, change: (right: string) => unknown])[] = [
  ['padded', 'with padding', (right) => `${right}=`],
  ['hex', 'in hex', (right) => Buffer.from(right, 'base64url').toString('hex')],
  ['prefix', 'cut off', (right) => right.slice(0, -1)],
  ['lower', 'in lower case', (right) => right.toLowerCase()],
  ['empty', 'empty', () => ''],
  ['list', 'in a list', (right) => [right]],
];

/** A certificate-bound token at a service that learns the certificates of its clients (RFC 8705, section 3). */
export function certificates(mtls: Mtls): ConformanceGroup {
  const control = async (arena: Arena): Promise<Shot> =>
    withCertificate(await boundShot(arena), await clientCertificate('own'), mtls);
  const refused = (id: string, title: string, attack: RefusalCase['attack']): RefusalCase => ({
    id: `mtls/${id}`,
    title: `a certificate-bound token ${title}`,
    control,
    attack,
    expected: sender,
  });
  const accepted = (id: string, title: string, shot: (arena: Arena) => Promise<Shot>): Scenario => ({
    id: `mtls/accepts-${id}`,
    title: `accepts ${title}`,
    run: async (arena) => expectAccepted(arena, await arena.fire(await shot(arena))),
  });

  return {
    name: 'client certificates',
    refusals: [
      refused('none', 'without a certificate', boundShot),
      refused('other', 'with the certificate of somebody else', async (arena) =>
        withCertificate(await boundShot(arena), await clientCertificate('other'), mtls),
      ),
      ...thumbprints.map(([id, title, change]) =>
        refused(`thumbprint-${id}`, `whose thumbprint is ${title}`, async (arena) => {
          const own = await clientCertificate('own');
          const thumbprint = change(certificateThumbprint(own.certificate));
          const token = await arena.mint({ claims: { cnf: { 'x5t#S256': thumbprint } } });
          return withCertificate(bearer(token), own, mtls);
        }),
      ),
      ...(mtls === 'tls' ? [] : headerCases(mtls, refused)),
    ],
    scenarios: [
      accepted('own', 'a certificate-bound token with its certificate', control),
      accepted('unbound', 'a bearer token with a certificate', async (arena) =>
        withCertificate(bearer(await arena.mint()), await clientCertificate('own'), mtls),
      ),
      accepted('bearer', 'a bearer token without a certificate', async (arena) => bearer(await arena.mint())),
    ],
  };
}

/** What may stand in the header of the proxy in place of one whole certificate. */
function headerCases(
  mtls: CertificateHeader,
  refused: (id: string, title: string, attack: RefusalCase['attack']) => RefusalCase,
): readonly RefusalCase[] {
  const inHeader =
    (values: (own: string, other: string) => readonly string[]) =>
    async (arena: Arena): Promise<Shot> => {
      const [own, other] = [await clientCertificate('own'), await clientCertificate('other')];
      const lines = values(headerValue(own, mtls), headerValue(other, mtls));
      const { headers = [] } = await boundShot(arena);
      return { headers: [...headers, ...lines.map((line): [string, string] => [mtls.name, line])] };
    };
  return [
    refused(
      'header-empty',
      'with an empty header',
      inHeader(() => ['']),
    ),
    refused(
      'header-rubbish',
      'with rubbish in the header',
      inHeader(() => ['rubbish']),
    ),
    refused(
      'header-two',
      'with two headers, its own certificate first',
      inHeader((own, other) => [own, other]),
    ),
    refused(
      'header-two-last',
      'with two headers, its own certificate last',
      inHeader((own, other) => [other, own]),
    ),
    refused(
      'header-list',
      'with two certificates in one header',
      inHeader((own, other) => [`${other},${own}`]),
    ),
    refused(
      'header-cut',
      'with half a certificate',
      inHeader((own) => [own.slice(0, own.length / 2)]),
    ),
    refused('header-thumbprint', 'with the thumbprint in place of the certificate', async (arena) => {
      const { certificate } = await clientCertificate('own');
      const { headers = [] } = await boundShot(arena);
      return { headers: [...headers, [mtls.name, certificateThumbprint(certificate)]] };
    }),
  ];
}
