/** The scope check that every peer does by hand. */
export function hasScope(claims: unknown, scope: string): boolean {
  const value = (claims as { scope?: unknown } | undefined)?.scope;
  return typeof value === 'string' && value.split(' ').includes(scope);
}
