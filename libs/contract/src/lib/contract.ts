/** What one service says about itself and its neighbours, as read from its `contract.json`. */
export interface Contract {
  /** The name of the service: also its `client_id` on the local issuer and the folder of its app. */
  service: string;
  /** The audience that its access tokens carry (RFC 9068 §2.2 `aud`). Without one it is a pure client. */
  audience?: string;
  /** The port on which it listens where the environment names none. */
  port?: number;
  /** The scopes that it owns, each with a sentence for whoever grants it. Default: none. */
  scopes: Record<string, string>;
  /** How long an access token for it lives, in seconds. Default: the authorization server's. */
  tokenLifetime?: number;
  /** Its consent: which client may ask for which of its scopes. Default: nobody. */
  allows: Record<string, string[]>;
  /** Its need: which scopes it asks for at which service. Default: none. */
  calls: Record<string, string[]>;
}

/** A contract and the file it was read from. */
export interface LoadedContract {
  contract: Contract;
  /** Path of the file, as findings name it. */
  file: string;
}
