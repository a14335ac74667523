import type { MemoryDenylist } from './memory-denylist.js';

/** One change, as it is told to the other instances. */
export type Change = readonly [
  list: 'tokens' | 'clients',
  name: string,
  until: number | 'forever' | 'allowed',
];

/**
 * A client as the list names it: by its id, or as the JSON of id and issuer where it is that of one issuer. An id that
 * looks like such JSON is written as JSON of its own.
 */
export function clientName(clientId: string, issuer?: string): string {
  if (issuer !== undefined) return JSON.stringify([clientId, issuer]);
  return clientId.startsWith('[') ? JSON.stringify([clientId]) : clientId;
}

/** Makes a change in a list. */
export function applyChange(denylist: MemoryDenylist, [list, name, until]: Change): void {
  if (list === 'tokens') {
    if (until !== 'allowed') denylist.denyToken(name, until === 'forever' ? Number.POSITIVE_INFINITY : until);
    return;
  }
  const [clientId, of] = readClientName(name);
  if (until === 'allowed') denylist.allowClient(clientId, of);
  else denylist.denyClient(clientId, { ...of, ...(until !== 'forever' && { until }) });
}

/** Reads what another instance told; `undefined` for anything else. */
export function readChange(message: string): Change | undefined {
  const change = parse(message);
  return isChange(change) ? change : undefined;
}

function readClientName(name: string): [clientId: string, of: { readonly issuer?: string }] {
  const parts = name.startsWith('[') ? parse(name) : undefined;
  if (!Array.isArray(parts)) return [name, {}];
  const [clientId, issuer] = parts as unknown[];
  if (typeof clientId !== 'string') return [name, {}];
  return [clientId, typeof issuer === 'string' ? { issuer } : {}];
}

function isChange(value: unknown): value is Change {
  if (!Array.isArray(value) || value.length !== 3) return false;
  const [list, name, until] = value as unknown[];
  return (
    (list === 'tokens' || list === 'clients') &&
    typeof name === 'string' &&
    (typeof until === 'number' || until === 'forever' || until === 'allowed')
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
