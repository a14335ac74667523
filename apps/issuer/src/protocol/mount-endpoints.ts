import { duplicateMembers } from '@countersign/contract';
import type { FastifyError, FastifyInstance, FastifyPluginCallback } from 'fastify';
import type { DirectoryReader } from '../directory/directory-reader.js';
import type { FaultBoard } from '../faults/fault-board.js';
import { suffer } from '../faults/suffer.js';
import { publicJwk } from '../keys/public-jwk.js';
import { malformed, TokenRefusal } from '../policy/token-refusal.js';
import { discoveryDocument } from './discovery-document.js';
import type { TokenEndpoint } from './token-endpoint.js';

/** The endpoints of the protocol, and what they work with. */
export interface Endpoints {
  readonly issuer: string;
  readonly directories: DirectoryReader;
  readonly token: TokenEndpoint;
  readonly faults: FaultBoard;
  readonly onFault: (error: unknown) => void;
}

/** Largest body of a token request, in bytes. */
const bodyLimit = 32_768;

/** Auth0's own caching of metadata and keys: short, so that a rotation is seen soon. */
const cacheControl = 'public, max-age=15, stale-while-revalidate=15';

/** Mounts the endpoints on Fastify, each by its exact path, with body parsers and errors of their own. */
export function mountEndpoints(fastify: FastifyInstance, endpoints: Endpoints): void {
  void fastify.register(protocolEndpoints(endpoints));
}

function protocolEndpoints({
  issuer,
  directories,
  token,
  faults,
  onFault,
}: Endpoints): FastifyPluginCallback {
  return (scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string' },
      (_request, body, parsed) => parsed(null, body),
    );
    const parseJson = scope.getDefaultJsonParser('error', 'error');
    scope.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, parsed) => {
      const text = body as string;
      void parseJson(request, text, (error, value) => {
        const repeated = error === null && duplicateMembers(text).length > 0;
        parsed(repeated ? malformed('a member of the body must not be given twice') : error, value);
      });
    });
    scope.setErrorHandler<FastifyError | TokenRefusal>(async (error, _request, reply) => {
      const refusal = error instanceof TokenRefusal ? error : bodyRefusal(error);
      if (!refusal) onFault(error);
      await reply
        .status(refusal?.status ?? 500)
        .headers({ 'cache-control': 'no-store', ...refusal?.headers })
        .send({
          error: refusal?.error ?? 'server_error',
          error_description: refusal?.description ?? 'The request could not be answered.',
        });
    });

    scope.post('/oauth/token', { bodyLimit }, async (request, reply) => {
      const answer = await token.prepare(request.raw, request.body);
      reply.hijack();
      await answer(reply.raw);
    });

    const metadata = discoveryDocument(issuer);
    for (const path of ['/.well-known/openid-configuration', '/.well-known/oauth-authorization-server']) {
      scope.get(path, async (_request, reply) => reply.header('cache-control', cacheControl).send(metadata));
    }

    scope.get('/.well-known/jwks.json', async (request, reply) => {
      const met = faults.meet('jwks');
      await suffer(met, request.raw);
      if (met.some(({ kind }) => kind === 'broken-jwks'))
        return reply.type('application/json').send('{"keys":[');
      const { keys } = await directories.current();
      return reply
        .header('cache-control', cacheControl)
        .send({ keys: keys.map(({ jwk }) => publicJwk(jwk)) });
    });
    done();
  };
}

/** What Fastify says about a body, in the words of OAuth. */
function bodyRefusal(error: FastifyError): TokenRefusal | undefined {
  if (error.statusCode === 413) {
    return new TokenRefusal('request_malformed', 413, 'invalid_request', 'the body is too large');
  }
  if (error.statusCode === 415) {
    const description = 'the body must be application/x-www-form-urlencoded or application/json';
    return new TokenRefusal('request_malformed', 415, 'invalid_request', description);
  }
  return error.statusCode !== undefined && error.statusCode < 500
    ? malformed('the body is malformed')
    : undefined;
}
