import { exportJWK, generateKeyPair } from 'jose';
import { type AddressInfo } from 'node:net';
import { Provider } from 'oidc-provider';
import { answerParent } from '../../measure/child-protocol.js';
import { issuerConfig } from './issuer-config.js';

// oidc-provider as its documentation sets it up for client credentials and JWT access tokens, with its store in memory.

// Its advice for production would stand between the lines of the report.
console.warn = console.info = () => undefined;

const { algorithm, clientId, clientSecret, audience, scope } = issuerConfig();
const { privateKey } = await generateKeyPair(algorithm, { extractable: true });

const provider = new Provider('http://localhost/', {
  jwks: { keys: [{ ...(await exportJWK(privateKey)), alg: algorithm, use: 'sig', kid: 'bench' }] },
  clients: [
    {
      client_id: clientId,
      client_secret: clientSecret,
      grant_types: ['client_credentials'],
      response_types: [],
      redirect_uris: [],
      token_endpoint_auth_method: 'client_secret_post',
      id_token_signed_response_alg: algorithm,
    },
  ],
  features: {
    clientCredentials: { enabled: true },
    devInteractions: { enabled: false },
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: () => ({
        scope,
        audience,
        accessTokenFormat: 'jwt',
        accessTokenTTL: 3600,
        jwt: { sign: { alg: algorithm } },
      }),
    },
  },
});

const server = provider.listen(0, '127.0.0.1', () => answerParent((server.address() as AddressInfo).port));
