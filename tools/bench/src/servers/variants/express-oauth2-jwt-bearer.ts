import { auth, requiredScopes } from 'express-oauth2-jwt-bearer';
import { peerModule } from '../peer-module.js';
import { type Variant } from '../variant.js';

/** Auth0's middleware for Express, in front of the whole app. */
export const expressOauth2JwtBearer: Variant = {
  label: 'express-oauth2-jwt-bearer',
  module: () => peerModule(() => true),
  configure: (app, { issuer, jwksUri, audience, algorithm, scope }) => {
    app.use(auth({ issuer, jwksUri, audience, tokenSigningAlg: algorithm }), requiredScopes(scope));
  },
};
