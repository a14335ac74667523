/** The name of the instrumentation scope. */
export const scope = '@countersign/m2m';
