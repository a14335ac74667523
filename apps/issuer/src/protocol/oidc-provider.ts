const notices = ['Unsupported runtime.', 'already parsed request body detected'];
const warn = console.warn.bind(console);

/**
 * The engine advises Node 22 and its own body parser. This workspace supports Node 20 as well, and its HTTP server reads
 * the body: the two notices say nothing to whoever runs it.
 */
console.warn = (...args: unknown[]) => {
  const [first] = args;
  if (
    typeof first === 'string' &&
    first.includes('oidc-provider WARNING:') &&
    notices.some((notice) => first.includes(notice))
  )
    return;
  warn(...args);
};

/** The protocol engine. */
export const { Provider, errors } = await import('oidc-provider');
