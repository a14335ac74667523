import { awsJwtVerify } from './aws-jwt-verify.js';
import { countersign, countersignUncached } from './countersign.js';
import { expressOauth2JwtBearer } from './express-oauth2-jwt-bearer.js';
import { fastJwt } from './fast-jwt.js';
import { jose } from './jose.js';
import { noOp } from './no-op.js';
import { passport } from './passport.js';
import { type Variant } from '../variant.js';

/** Every way to guard the route, by its short name. */
export const variants = {
  'no-op': noOp,
  countersign,
  'countersign-uncached': countersignUncached,
  passport,
  'express-oauth2-jwt-bearer': expressOauth2JwtBearer,
  jose,
  'aws-jwt-verify': awsJwtVerify,
  'fast-jwt': fastJwt,
} satisfies Record<string, Variant>;

export type VariantName = keyof typeof variants;
