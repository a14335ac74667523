/** Options of the generator `scope`. */
export interface ScopeGeneratorOptions {
  /** The service that owns the scope. */
  service: string;
  /** The scope, such as `cancel:orders`. */
  name: string;
  /** A sentence for whoever grants it. */
  description: string;
}
