/** The scopes of an option: `read:stock, write:stock` → both, without the spaces. */
export const splitList = (text: string): string[] => text.split(',').map((part) => part.trim());

/** Scopes by the service that they are asked of, or that asks for them. */
export type ScopesByService = ReadonlyMap<string, readonly string[]>;

/**
 * Reads `inventory:read:stock,inventory:write:stock`: the text before the first colon is the service, the rest the scope.
 *
 * @param option its name, for the message
 * @throws Error where an entry is not of this form
 */
export function parseConnections(option: string, text: string | undefined): ScopesByService {
  const connections = new Map<string, string[]>();
  for (const entry of text === undefined || text.trim() === '' ? [] : splitList(text)) {
    const colon = entry.indexOf(':');
    const [service, scope] = [entry.slice(0, colon), entry.slice(colon + 1)];
    if (colon < 1 || scope === '') {
      throw new Error(
        `--${option} cannot be read at ${JSON.stringify(entry)}. Write <service>:<scope>, separated by commas, such as inventory:read:stock.`,
      );
    }
    const scopes = connections.get(service) ?? [];
    if (!scopes.includes(scope)) scopes.push(scope);
    connections.set(service, scopes);
  }
  return connections;
}
