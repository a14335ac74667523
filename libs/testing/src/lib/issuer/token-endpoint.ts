import { type IncomingMessage } from 'node:http';
import { type ClientAuthentication } from './client-authentication.js';
import { presentedCertificate } from './client-certificate.js';
import { type ClientRegistry, type RegisteredClient } from './client-registry.js';
import { DpopProofs } from './dpop-proof.js';
import { spoilerOf, type TokenFault, type TokenSpoiler } from './faults/token-fault.js';
import { grant, type Granted } from './grant.js';
import { json, oauthError, type Answer } from './http-exchange.js';
import { type MintLog } from './mint-log.js';
import { type RequestLog } from './request-log.js';
import { bindSender, confirmation, type SenderBinding } from './sender-binding.js';
import { authenticationMethod, readParameters, withoutCredentials } from './token-request.js';
import { readBody } from '../http/read-body.js';
import { type MintOptions } from '../tokens/mint.js';

interface Issued {
  readonly token: Parameters<MintLog['add']>[0];
  readonly body: Readonly<Record<string, unknown>>;
  readonly expiresAt: number;
}

interface TokenEndpointOptions {
  readonly registry: ClientRegistry;
  readonly authentication: ClientAuthentication;
  readonly url: () => string;
  readonly mint: (options: MintOptions) => string;
  readonly mints: MintLog;
  readonly requests: RequestLog;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

const defaultLifetime = 3600;

const connection = (clientId: string, audience: string): string => JSON.stringify([clientId, audience]);

/** `/oauth/token` for client credentials (RFC 6749, section 4.4), with Auth0's parameters and error bodies. */
export class TokenEndpoint {
  readonly #proofs: DpopProofs;
  readonly #last = new Map<string, Issued>();

  constructor(private readonly options: TokenEndpointOptions) {
    this.#proofs = new DpopProofs(options.now);
  }

  async answer(request: IncomingMessage, fault: TokenFault | undefined): Promise<Answer> {
    if (request.method !== 'POST') return oauthError(405, 'invalid_request', 'Use POST.');
    const parameters = readParameters(request.headers['content-type'], await readBody(request));
    if (!parameters) return oauthError(400, 'invalid_request', 'The body cannot be read.');
    const certificate = presentedCertificate(request);
    this.options.requests.addTokenRequest({
      at: this.options.now(),
      parameters: withoutCredentials(parameters),
      authentication: authenticationMethod(request.headers.authorization, parameters, certificate),
      dpop: request.headers['dpop'] !== undefined,
    });

    const spoiler = spoilerOf(fault);
    const refusal = spoiler.refuse();
    if (refusal) return refusal;
    if (parameters['grant_type'] !== 'client_credentials')
      return oauthError(403, 'unauthorized_client', 'Grant type not allowed for the client.');
    const client = await this.options.authentication.authenticate(request.headers, parameters, certificate);
    if (!client) return oauthError(401, 'access_denied', 'Unauthorized');
    const granted = grant(this.options.registry, client.clientId, parameters);
    if ('status' in granted) return granted;
    const binding = await bindSender(request, client, this.#proofs, this.options.url(), spoiler.refuseProof);
    if ('status' in binding) return binding;
    const last = spoiler.reuse
      ? this.#last.get(connection(client.clientId, granted.api.audience))
      : undefined;
    return last ? this.#again(last) : this.#issue(client, granted, binding, spoiler);
  }

  #issue(client: RegisteredClient, granted: Granted, binding: SenderBinding, spoiler: TokenSpoiler): Answer {
    const { mint, mints, now } = this.options;
    const { api, scopes } = granted;
    const { clientId } = client;
    const lifetime = api.tokenLifetime ?? defaultLifetime;
    const cnf = confirmation(binding);
    const accessToken = mint(
      spoiler.mint({
        clientId,
        audience: api.audience,
        scopes,
        expiresIn: lifetime,
        claims: cnf ? { cnf } : {},
      }),
    );
    const issued: Issued = {
      token: { clientId, audience: api.audience, scopes, ...binding, at: now() },
      expiresAt: now() + lifetime * 1000,
      body: {
        access_token: accessToken,
        token_type: binding.jkt === undefined ? 'Bearer' : 'DPoP',
        expires_in: lifetime,
        scope: scopes.join(' '),
      },
    };
    this.#last.set(connection(clientId, api.audience), issued);
    mints.add(issued.token);
    return json(200, spoiler.body(issued.body), spoiler.headers());
  }

  #again({ token, body, expiresAt }: Issued): Answer {
    const { mints, now } = this.options;
    mints.add({ ...token, at: now() });
    return json(200, { ...body, expires_in: Math.max(0, Math.floor((expiresAt - now()) / 1000)) });
  }
}
