import { z } from 'zod';
import type { Contract } from './contract.js';

const maxTokenLifetime = 2_592_000;

/** Names that every object answers to are refused, so that no lookup can mistake one for an entry. */
const notInherited = (name: string) => !(name in Object.prototype);
const inherited = 'Choose another name: every JavaScript object has a member of this one.';

const unique = (values: readonly string[]) => new Set(values).size === values.length;

/** Service names whose variables (`AUTH_AUDIENCE`, `M2M_REDIS_URL`, `DATABASE_URL`) mean something else. */
export const reservedServiceName = /^(?:auth|m2m|issuer|database)(?:-|$)/;

/** A service name: the same string is a folder, a `client_id` and, in capitals, a variable's prefix. */
export const serviceName = z
  .string('A service name is a string.')
  .regex(/^[a-z][a-z0-9-]{0,62}$/, {
    error:
      'A service name has 1 to 63 characters: a lower-case letter, then lower-case letters, digits and hyphens.',
  })
  .refine(notInherited, inherited);

/** A scope name: a `scope-token` of RFC 6749 §3.3. */
export const scopeName = z
  .string('A scope name is a string.')
  .max(255, 'A scope name has at most 255 characters.')
  .regex(/^[\x21\x23-\x5B\x5D-\x7E]+$/, {
    error: 'A scope name has printable ASCII characters without space, " and \\ (scope-token of RFC 6749).',
  })
  .refine(notInherited, inherited);

const scopeList = z
  .array(scopeName, 'List the scopes in an array.')
  .min(1, 'Name at least one scope, or remove the entry.')
  .max(1000, 'Name at most 1000 scopes.')
  .refine(unique, 'Name each scope once.')
  .meta({ uniqueItems: true });

const connections = (description: string) =>
  z
    .record(serviceName, scopeList, 'Write an object of service names, each with its list of scopes.')
    .default({})
    .describe(description);

/** The shape of a `contract.json`: strict, so that a misspelt member is an error and not ignored. */
export const contractSchema = z
  .strictObject({
    $schema: z.string().optional().describe('The JSON Schema for editors.'),
    service: serviceName
      .describe('The name of the service: its folder and its client_id on the local issuer.')
      .meta({ not: { pattern: reservedServiceName.source } }),
    audience: z
      .string('An audience is a string, usually an https URL.')
      .min(1, 'Name an audience, or remove the member to make this a pure client.')
      .max(600, 'An audience has at most 600 characters.')
      .regex(/^[\x21-\x7E]+$/, { error: 'An audience has printable ASCII characters without white space.' })
      .optional()
      .describe('The audience of its access tokens. Without one it is a pure client.'),
    port: z
      .int('A port is a whole number.')
      .min(1, 'A port is at least 1.')
      .max(65_535, 'A port is at most 65535.')
      .optional()
      .describe('The port on which it listens where the environment names none.'),
    scopes: z
      .record(
        scopeName,
        z
          .string('Describe the scope in a sentence.')
          .min(1, 'Describe the scope in a sentence.')
          .max(1000, 'A description has at most 1000 characters.'),
        'Write an object of scope names, each with a description.',
      )
      .default({})
      .describe('The scopes that it owns, each with a description.'),
    tokenLifetime: z
      .int('tokenLifetime is a whole number of seconds.')
      .min(1, 'tokenLifetime is at least 1 second.')
      .max(maxTokenLifetime, `tokenLifetime is at most ${maxTokenLifetime} seconds (30 days).`)
      .optional()
      .describe('How long an access token for it lives, in seconds.'),
    allows: connections('Which client may ask for which of its scopes.'),
    calls: connections('Which scopes it asks for at which service.'),
  })
  .describe('Who owns which scopes, and who may call whom.') satisfies z.ZodType<Contract>;
