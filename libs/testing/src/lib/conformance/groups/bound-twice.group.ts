import { type Arena, bearer } from '../arena.js';
import { type ConformanceGroup, type RefusalCase } from '../conformance-case.js';
import { type Shot } from '../http-shot.js';
import { type CertificateHeader, type DpopAbility } from '../options.js';
import { badProof, invalidBoundToken, invalidToken } from '../refusal.js';
import {
  clientCertificate,
  dpopClient,
  dpopKey,
  dpopShot,
  prove,
  withCertificate,
  type DpopClient,
} from '../sender.js';
import { certificateThumbprint } from '../../keys/certificate-thumbprint.js';
import { dpopThumbprint } from '../../tokens/dpop-proof.js';

/** A token that is bound to a DPoP key and to a certificate: neither alone will do. */
export function boundTwice(ability: DpopAbility, mtls: 'tls' | CertificateHeader): ConformanceGroup {
  const own = async (shot: Shot): Promise<Shot> =>
    withCertificate(shot, await clientCertificate('own'), mtls);
  const ready = async (arena: Arena): Promise<DpopClient> => {
    const { certificate } = await clientCertificate('own');
    const cnf = { jkt: await dpopThumbprint(dpopKey), 'x5t#S256': certificateThumbprint(certificate) };
    return dpopClient(arena, ability, dpopKey, { claims: { cnf } }, own);
  };
  const proven = (client: DpopClient): Shot => dpopShot(client, [prove(client)]);
  const refused = (
    id: string,
    title: string,
    attack: (client: DpopClient) => Shot | Promise<Shot>,
    expected: RefusalCase['expected'],
  ): RefusalCase => ({
    id: `bound/both-${id}`,
    title: `a token that is bound to a key and a certificate, ${title}`,
    control: async (arena) => own(proven(await ready(arena))),
    attack: async (arena) => attack(await ready(arena)),
    expected,
  });
  return {
    name: 'bound twice',
    refusals: [
      refused('proof-alone', 'with its proof alone', proven, invalidBoundToken('sender_mismatch')),
      refused(
        'certificate-alone',
        'with its certificate alone',
        ({ token }) => own(bearer(token)),
        invalidToken('sender_mismatch'),
      ),
      refused(
        'no-proof',
        'with its certificate and no proof',
        (client) => own(dpopShot(client, [])),
        badProof,
      ),
      refused(
        'other-certificate',
        'with its proof and the certificate of somebody else',
        async (client) => withCertificate(proven(client), await clientCertificate('other'), mtls),
        invalidBoundToken('sender_mismatch'),
      ),
    ],
  };
}
