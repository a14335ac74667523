/** Options of the generator `remove`: a name, or both ends of a connection. */
export interface RemoveGeneratorOptions {
  /** The service or client to remove, with all its connections. */
  name?: string;
  /** The caller of the connection to remove. */
  from?: string;
  /** The callee of the connection to remove. */
  to?: string;
  /** Do not let npm forget the package. Default: false. */
  skipInstall?: boolean;
}
