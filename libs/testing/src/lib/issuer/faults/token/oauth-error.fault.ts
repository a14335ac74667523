import { oauthError } from '../../http-exchange.js';
import { type TokenBehaviour } from './token-behaviour.js';

/** An OAuth error answer (RFC 6749, section 5.2). */
export interface OAuthErrorFault {
  kind: 'oauth-error';
  /** Such as `invalid_client`. */
  error: string;
  description?: string;
  /** Default 400. */
  status?: number;
}

export const oauthErrorAnswer: TokenBehaviour<OAuthErrorFault> = {
  refuse: ({ error, description, status = 400 }) => oauthError(status, error, description),
};
