import type { AccessToken } from '../tokens/access-token.js';
import type { GetTokenOptions, TokenRequest } from '../tokens/token-request.js';

/** Where authenticated clients get their tokens from. */
export interface TokenSource {
  getToken(options: GetTokenOptions): Promise<AccessToken>;
  peek(request: TokenRequest, minTtl?: number): AccessToken | undefined;
  drop(request: TokenRequest, fingerprint: string): boolean;
}
