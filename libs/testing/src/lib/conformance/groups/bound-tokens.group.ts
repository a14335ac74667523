import { bearer, type Arena } from '../arena.js';
import { type ConformanceGroup, type RefusalCase } from '../conformance-case.js';
import { type CertificateHeader, type DpopAbility, type ServiceAbilities } from '../options.js';
import { invalidToken, malformedRequest, missing, type Refusal } from '../refusal.js';
import {
  certificateBoundToken,
  clientCertificate,
  dpopClient,
  dpopShot,
  headerValue,
  prove,
} from '../sender.js';
import { certificateThumbprint } from '../../keys/certificate-thumbprint.js';
import { dpopThumbprint } from '../../tokens/dpop-proof.js';

/** Headers in which proxies hand on a client's certificate: what a client itself writes there is worth nothing. */
const proxyHeaders: readonly CertificateHeader[] = [
  { name: 'x-ssl-cert', encoding: 'pem-urlencoded' },
  { name: 'x-client-cert', encoding: 'pem-urlencoded' },
  { name: 'x-forwarded-client-cert', encoding: 'pem-urlencoded' },
  { name: 'x-forwarded-tls-client-cert', encoding: 'pem-urlencoded' },
  { name: 'ssl-client-cert', encoding: 'pem-urlencoded' },
  { name: 'client-cert', encoding: 'rfc9440' },
];

const withoutDpop: readonly Refusal[] = [...missing, ...malformedRequest, ...invalidToken('sender_mismatch')];

const dpopRefused: readonly RefusalCase[] = [
  {
    id: 'bound/dpop',
    title: 'a DPoP-bound token with its proof, where DPoP is not spoken',
    attack: async (arena) => {
      const client = await dpopClient(arena, {});
      return dpopShot(client, [prove(client)]);
    },
    expected: withoutDpop,
  },
  {
    id: 'bound/dpop-downgrade',
    title: 'a DPoP-bound token as a bearer token',
    attack: async (arena) => bearer((await dpopClient(arena, {})).token),
    expected: invalidToken('sender_mismatch'),
  },
  {
    id: 'bound/dpop-downgrade-with-proof',
    title: 'a DPoP-bound token as a bearer token, with its proof',
    attack: async (arena) => {
      const client = await dpopClient(arena, {});
      return dpopShot(client, [prove(client)], 'Bearer');
    },
    expected: invalidToken('sender_mismatch'),
  },
  {
    id: 'bound/dpop-scheme',
    title: 'a bearer token under the scheme DPoP',
    attack: async (arena) => ({ headers: [['authorization', `DPoP ${await arena.mint()}`]] }),
    expected: withoutDpop,
  },
];

/** The right certificate in a header that the service must not read. */
function forwarded(header: CertificateHeader): RefusalCase {
  return {
    id: `bound/certificate-in-${header.name}`,
    title: `a certificate-bound token with its certificate in ${header.name}, which nobody vouches for`,
    attack: async (arena) => {
      const own = await clientCertificate('own');
      const { headers = [] } = bearer(await certificateBoundToken(arena, own));
      return { headers: [...headers, [header.name, headerValue(own, header)]] };
    },
    expected: invalidToken('sender_mismatch'),
  };
}

async function bothBound(arena: Arena) {
  const { certificate } = await clientCertificate('own');
  const cnf = {
    jkt: await dpopThumbprint(arena.issuer.signingKey()),
    'x5t#S256': certificateThumbprint(certificate),
  };
  return bearer(await arena.mint({ claims: { cnf } }));
}

/** Tokens that are bound to a sender in a way that the service does not accept, or that the sender does not show. */
export function boundTokens({
  dpop,
  mtls,
}: {
  readonly dpop: DpopAbility | false;
  readonly mtls: NonNullable<ServiceAbilities['mtls']>;
}): ConformanceGroup {
  const read = typeof mtls === 'object' ? mtls.name.toLowerCase() : undefined;
  return {
    name: 'bound tokens',
    refusals: [
      ...(dpop ? [] : dpopRefused),
      ...proxyHeaders.filter(({ name }) => name !== read).map(forwarded),
      {
        id: 'bound/certificate-missing',
        title: 'a certificate-bound token without its certificate',
        attack: async (arena) => bearer(await certificateBoundToken(arena, await clientCertificate('own'))),
        expected: invalidToken('sender_mismatch'),
      },
      {
        id: 'bound/both',
        title: 'a token that is bound to a key and a certificate, with neither',
        attack: bothBound,
        expected: invalidToken('sender_mismatch'),
      },
    ],
  };
}
