import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { z } from 'zod';

/** The part of the contract's JSON Schema that says which names there can be. */
const rulesSchema = z.object({
  properties: z.object({
    service: z.object({ pattern: z.string(), not: z.object({ pattern: z.string() }) }),
    scopes: z.object({ propertyNames: z.object({ pattern: z.string(), maxLength: z.number() }) }),
  }),
});

function readRules() {
  const file = createRequire(import.meta.url).resolve('@countersign/contract/contract.schema.json');
  return rulesSchema.parse(JSON.parse(readFileSync(file, 'utf8'))).properties;
}

const isInherited = (name: string) => name in Object.prototype;

/** What is wrong with the form of a service name; nothing where it is sound. */
export function serviceNameProblem(name: string): string | undefined {
  const { service } = readRules();
  if (!new RegExp(service.pattern).test(name)) {
    return 'It has 1 to 63 characters: a lower-case letter, then lower-case letters, digits and hyphens.';
  }
  if (new RegExp(service.not.pattern).test(name)) {
    return 'auth, m2m, issuer and database, alone or before a hyphen, are prefixes of other variables.';
  }
  return isInherited(name) ? 'Every JavaScript object has a member of this name.' : undefined;
}

/** What is wrong with a scope name; nothing where it is sound. */
export function scopeNameProblem(name: string): string | undefined {
  const { pattern, maxLength } = readRules().scopes.propertyNames;
  if (name.length > maxLength || !new RegExp(pattern).test(name)) {
    return `It has 1 to ${maxLength} printable ASCII characters without space, " and \\ (scope-token of RFC 6749).`;
  }
  return isInherited(name) ? 'Every JavaScript object has a member of this name.' : undefined;
}
