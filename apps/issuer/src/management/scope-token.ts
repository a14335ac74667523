import { z } from 'zod';

/** A scope token (RFC 6749 §3.3) of at most 280 characters, as Auth0 has them. */
export const scopeToken = z.string().regex(/^[\x21\x23-\x5B\x5D-\x7E]{1,280}$/, 'must be a scope token');
