import { X509Certificate } from 'node:crypto';
import { type Arena } from './arena.js';
import { type Shot } from './http-shot.js';
import { type CertificateHeader, type DpopAbility, type ServiceAbilities } from './options.js';
import { CertificateAuthority, type IssuedCertificate } from '../keys/certificate-authority.js';
import { certificateThumbprint } from '../keys/certificate-thumbprint.js';
import { generateSigningKey, type SigningKey } from '../keys/signing-key.js';
import { dpopThumbprint, signDpopProof, type DpopProofOptions } from '../tokens/dpop-proof.js';
import { type MintOptions } from '../tokens/mint.js';

/** The key pair of the battery's DPoP client. */
export const dpopKey = generateSigningKey('ES256');

/** A client with a DPoP-bound token, about to send the request under test. */
export interface DpopClient {
  readonly key: SigningKey;
  readonly token: string;
  /** `htm`. */
  readonly method: string;
  /** `htu`. */
  readonly url: string;
  /** What the service asks proofs to carry; `undefined` where it asks for nothing. */
  readonly nonce: string | undefined;
}

/** What a proof of the client is made with. */
export type ProofChange = Partial<DpopProofOptions>;

/**
 * A client whose token is bound to a key.
 *
 * @param ability whether the service wants nonces: then one is asked for
 * @param dress what the request for the nonce has to show beside its proof; default nothing
 */
export async function dpopClient(
  arena: Arena,
  { nonces = false }: DpopAbility,
  key: SigningKey = dpopKey,
  mint: MintOptions = {},
  dress: (shot: Shot) => Shot | Promise<Shot> = (shot) => shot,
): Promise<DpopClient> {
  const token = await arena.mint({
    ...mint,
    claims: { cnf: { jkt: await dpopThumbprint(key) }, ...mint.claims },
  });
  const client = { key, token, method: arena.options.request.method, url: arena.url, nonce: undefined };
  if (!nonces) return client;
  const { dpopNonce } = await arena.fire(await dress(dpopShot(client, [prove(client)])));
  return { ...client, nonce: dpopNonce };
}

/** A proof of the client for its request, right but for the change. */
export function prove({ key, token, method, url, nonce }: DpopClient, change: ProofChange = {}): string {
  return signDpopProof(key, {
    method,
    url,
    accessToken: token,
    ...(nonce !== undefined && { nonce }),
    ...change,
  });
}

/** The request of a DPoP client with so many proofs (RFC 9449, section 7.1). */
export function dpopShot({ token }: DpopClient, proofs: readonly string[], scheme = 'DPoP'): Shot {
  return {
    headers: [
      ['authorization', `${scheme} ${token}`],
      ...proofs.map((proof): [string, string] => ['dpop', proof]),
    ],
  };
}

let authority: Promise<CertificateAuthority> | undefined;
const issued = new Map<string, Promise<IssuedCertificate>>();

/** A client certificate of the battery, one for each name. */
export function clientCertificate(name: 'own' | 'other'): Promise<IssuedCertificate> {
  authority ??= CertificateAuthority.create();
  const known = issued.get(name) ?? authority.then((ca) => ca.issue(name));
  issued.set(name, known);
  return known;
}

/** A token that is bound to a certificate (RFC 8705, section 3.1). */
export function certificateBoundToken(arena: Arena, { certificate }: IssuedCertificate): Promise<string> {
  return arena.mint({ claims: { cnf: { 'x5t#S256': certificateThumbprint(certificate) } } });
}

/** A certificate as a proxy's header holds it. */
export function headerValue({ certificate }: IssuedCertificate, { encoding }: CertificateHeader): string {
  return encoding === 'pem-urlencoded'
    ? encodeURIComponent(certificate)
    : `:${new X509Certificate(certificate).raw.toString('base64')}:`;
}

/** A request that shows a certificate in the way in which the service learns of it. */
export function withCertificate(
  shot: Shot,
  certificate: IssuedCertificate,
  mtls: Exclude<ServiceAbilities['mtls'], false | undefined>,
): Shot {
  if (mtls === 'tls') return { ...shot, certificate };
  return { ...shot, headers: [...(shot.headers ?? []), [mtls.name, headerValue(certificate, mtls)]] };
}
