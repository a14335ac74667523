import { type ClientRegistry } from './client-registry.js';
import { type KeyRing } from './key-ring.js';
import { type Dialect } from '../tokens/dialect.js';
import { signParts, tokenParts, type MintOptions, type TokenParts } from '../tokens/mint.js';

const defaultLifetime = 3600;

/** What a {@link TokenMinter} mints with. */
export interface TokenMinterOptions {
  readonly issuer: () => string;
  readonly keys: KeyRing;
  readonly registry: ClientRegistry;
  readonly dialect: Dialect;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Mints the tokens of one issuer: valid ones, unless the options say otherwise. */
export class TokenMinter {
  constructor(private readonly options: TokenMinterOptions) {}

  /** Header and claims of a token. */
  parts(mint: MintOptions): TokenParts {
    const { issuer, keys, registry, dialect, now } = this.options;
    const audience = mint.audience ?? registry.firstAudience;
    const api = registry.api(typeof audience === 'string' ? audience : (audience[0] ?? ''));
    return tokenParts(
      {
        issuer: issuer(),
        audience,
        scopes: mint.scopes ?? api?.scopes ?? [],
        clientId: mint.clientId ?? registry.firstClientId,
        dialect: mint.dialect ?? dialect,
        lifetime: api?.tokenLifetime ?? defaultLifetime,
        key: mint.key ?? keys.current(mint.alg),
        now: Math.floor(now() / 1000),
      },
      mint,
    );
  }

  /** A signed token. */
  mint(mint: MintOptions): string {
    return signParts(this.parts(mint), mint.key ?? this.options.keys.current(mint.alg));
  }
}
