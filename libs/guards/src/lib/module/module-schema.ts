import { z } from 'zod';
import { reportOnlyRules } from '../requirement/report-only.js';

/** Leaves a value to the verifier, which says itself what is wrong with it. */
const verifiers = z.unknown().optional();

const keys = z
  .strictObject({
    refreshSeconds: verifiers,
    cooldownSeconds: verifiers,
    maxStaleSeconds: verifiers,
    timeoutMs: verifiers,
    maxBytes: verifiers,
    maxWaiting: verifiers,
  })
  .optional();

const ofIssuer = {
  jwksUri: verifiers,
  dialect: verifiers,
  algorithms: verifiers,
  requiredClaims: verifiers,
  keys,
};

const certificateHeader = z.strictObject({
  name: z
    .string()
    .regex(/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/, 'must be the name of a header')
    .refine((name) => !['authorization', 'dpop', 'cookie'].includes(name.toLowerCase()), {
      error: 'must be a header that the proxy alone writes',
    }),
  encoding: z.enum(['pem-urlencoded', 'rfc9440']),
});

const sender = z
  .strictObject({
    required: z.boolean().optional(),
    dpop: z
      .union([
        z.boolean(),
        z.strictObject({
          maxAgeSeconds: verifiers,
          algorithms: verifiers,
          replayStore: verifiers,
          nonces: verifiers,
          pathPrefix: z
            .string()
            .regex(/^(\/[^/?#\s]+)+$/, 'must be a path such as /orders, without a slash at its end')
            .optional(),
        }),
      ])
      .optional(),
    mtls: z
      .union([z.boolean(), z.strictObject({ certificateHeader: certificateHeader.optional() })])
      .optional(),
  })
  .refine(({ required, dpop, mtls }) => !required || dpop || mtls, {
    path: ['required'],
    error: 'accepts no token at all without dpop or mtls',
  });

/**
 * The shape of the module's options: every option that there is, and the values of those that are not the
 * verifier's.
 */
export const moduleSchema = z.strictObject({
  issuer: verifiers,
  ...ofIssuer,
  issuers: z.array(z.strictObject({ issuer: verifiers, ...ofIssuer })).optional(),
  audience: verifiers,
  denylist: verifiers,
  clockToleranceSeconds: verifiers,
  cacheSize: verifiers,
  maxTokenLength: verifiers,
  onKeySetEvent: z.custom((value) => typeof value === 'function', 'must be a function').optional(),
  sender: sender.optional(),
  reportOnly: z.array(z.enum(reportOnlyRules)).optional(),
  contract: z
    .looseObject({
      service: z.string().min(1),
      audience: z.string().min(1).optional(),
      scopes: z.record(z.string(), z.string()),
    })
    .optional(),
  coverage: z.enum(['enforce', 'warn']).optional(),
  realm: z.string().min(1).optional(),
  prefetch: z.boolean().optional(),
  publicUrl: z.url({ protocol: /^https?$/, error: 'must be an http or https URL' }).optional(),
});

/** The options that belong to the one issuer, and stand in each entry of `issuers` where there are several. */
export const issuerOptionNames = [
  'issuer',
  'jwksUri',
  'dialect',
  'algorithms',
  'requiredClaims',
  'keys',
] as const;
