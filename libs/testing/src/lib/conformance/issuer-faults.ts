import { type Faults } from '../issuer/faults/fault.js';
import { type JwksFault } from '../issuer/faults/jwks-fault.js';
import { type TransportFault } from '../issuer/faults/transport-fault.js';
import { type LoopbackIssuer } from '../issuer/loopback-issuer.js';

/** A fault with the name that it has in the ids of cases. */
export type NamedFault<F> = readonly [id: string, fault: F];

/** What may go wrong at any endpoint of an issuer. */
export const transportFaults: readonly NamedFault<TransportFault>[] = [
  ['500', { kind: 'status', status: 500 }],
  ['404', { kind: 'status', status: 404 }],
  ['429', { kind: 'rate-limited', retryAfter: 1 }],
  ['401', { kind: 'status', status: 401 }],
  ['204', { kind: 'status', status: 204 }],
  ['hang', { kind: 'hang' }],
  ['drip', { kind: 'drip' }],
  ['truncated', { kind: 'truncated' }],
  ['disconnect', { kind: 'disconnect' }],
  ['html', { kind: 'html' }],
  ['not-json', { kind: 'not-json' }],
  ['huge', { kind: 'huge' }],
  ['redirect', { kind: 'redirect' }],
  ['null', { kind: 'json', body: null }],
  ['list', { kind: 'json', body: [] }],
  ['empty-object', { kind: 'json', body: {} }],
];

/** What may go wrong at the key-set endpoint. */
export const jwksFaults: readonly NamedFault<TransportFault | JwksFault>[] = [
  ...transportFaults,
  ['empty-set', { kind: 'empty-set' }],
  ['keys-object', { kind: 'json', body: { keys: {} } }],
  ['keys-null', { kind: 'json', body: { keys: [null, 1, 'x', {}] } }],
];

type MetadataOf = (issuer: LoopbackIssuer) => Readonly<Record<string, unknown>>;

/** Metadata that must not be believed (OpenID Connect Discovery 1.0, section 4.3; RFC 8414, section 3.3). */
export const wrongMetadata: readonly (readonly [id: string, metadata: MetadataOf])[] = [
  ['other-issuer', ({ jwksUri }) => ({ issuer: 'https://other.example/', jwks_uri: jwksUri })],
  ['issuer-without-slash', ({ issuer, jwksUri }) => ({ issuer: issuer.slice(0, -1), jwks_uri: jwksUri })],
  ['no-issuer', ({ jwksUri }) => ({ jwks_uri: jwksUri })],
  ['no-jwks-uri', ({ issuer }) => ({ issuer })],
  ['jwks-uri-relative', ({ issuer }) => ({ issuer, jwks_uri: '/.well-known/jwks.json' })],
  ['jwks-uri-file', ({ issuer }) => ({ issuer, jwks_uri: 'file:///etc/passwd' })],
  ['jwks-uri-list', ({ issuer, jwksUri }) => ({ issuer, jwks_uri: [jwksUri] })],
];

/** A fault of the discovery endpoint that may depend on the issuer. */
export type DiscoveryFault = (issuer: LoopbackIssuer) => Faults['discovery'];

/** What may go wrong at the discovery endpoint. */
export const discoveryFaults: readonly NamedFault<DiscoveryFault>[] = [
  ...transportFaults.map(([id, fault]): NamedFault<DiscoveryFault> => [id, () => fault]),
  ...wrongMetadata.map(([id, metadata]): NamedFault<DiscoveryFault> => [
    id,
    (issuer) => ({ kind: 'json', body: metadata(issuer) }),
  ]),
];
