import type { SecurityHeadersOptions } from '@nestjs/common';

/**
 * Headers of an API that no page embeds: nothing is sniffed, framed or told to others. HSTS is for whatever terminates
 * TLS.
 */
export const securityHeaders: SecurityHeadersOptions = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: { defaultSrc: "'none'", frameAncestors: "'none'" },
  },
  strictTransportSecurity: false,
  xFrameOptions: { action: 'deny' },
};

/** What the pages of Swagger UI need: scripts and styles of this origin, and the styles inside its page. */
export const docsContentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');
