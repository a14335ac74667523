/**
 * Says what is wrong with the address of an issuer's endpoint: it must be an absolute `https` URL without user,
 * password or fragment; `http` only on this machine.
 *
 * @returns `undefined` for a good one
 */
export function endpointProblem(address: unknown): string | undefined {
  const url = typeof address === 'string' && URL.canParse(address) ? new URL(address) : undefined;
  if (!url) return 'must be an absolute URL';
  if (url.username || url.password) return 'must not contain a user or a password';
  if (url.hash) return 'must not contain a fragment';
  if (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))) return undefined;
  return 'must be https (http only on localhost)';
}

/** True for a host name or address that never leaves this machine. */
export function isLoopback(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(hostname)
  );
}
