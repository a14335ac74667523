import type { z } from 'zod';
import type { Contract } from '../contract.js';
import { contractSchema } from '../contract.schema.js';
import { compareFindings, type Finding, type FindingCode } from '../finding.js';
import { jsonPointer } from '../json-pointer.js';
import { duplicateMembers } from './duplicate-members.js';

/** A contract, or everything that keeps a text from being one. */
export type ParsedContract =
  { contract: Contract; findings: [] } | { contract?: undefined; findings: Finding[] };

/** Reads a contract from its text: well-formed JSON, no member twice, the shape of the schema. */
export function parseContract(text: string, file: string): ParsedContract {
  const finding = (code: FindingCode, path: readonly PropertyKey[], message: string): Finding => ({
    code,
    severity: 'error',
    file,
    pointer: jsonPointer(path),
    message,
  });

  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return {
      findings: [finding('json_malformed', [], 'The file is not well-formed JSON. Correct its syntax.')],
    };
  }

  const findings = duplicateMembers(text).map((path) =>
    finding('member_duplicate', path, 'The member stands here twice. Keep one of them.'),
  );
  for (const path of protoMembers(value)) {
    findings.push(
      finding('schema_invalid', path, 'Remove the member: this name has a meaning of its own in JavaScript.'),
    );
  }
  const parsed = contractSchema.safeParse(value);
  if (!parsed.success) {
    findings.push(
      ...parsed.error.issues.flatMap((issue) =>
        explain(issue).map(([path, message]) => finding('schema_invalid', path, message)),
      ),
    );
  }
  if (!parsed.success || findings.length > 0) return { findings: oncePerPlace(findings) };
  const { $schema: _, ...contract } = parsed.data;
  return { contract, findings: [] };
}

/** The first finding of each place, in order: what else is wrong there follows from it, or shows once it is corrected. */
const oncePerPlace = (findings: readonly Finding[]): Finding[] =>
  [...new Map(findings.toReversed().map((finding) => [finding.pointer, finding])).values()].sort(
    compareFindings,
  );

/** Where an object of the first two levels, which is as deep as a contract has names, owns a `__proto__`. */
function* protoMembers(value: unknown, path: string[] = []): Generator<string[]> {
  if (typeof value !== 'object' || value === null) return;
  if (Object.hasOwn(value, '__proto__')) yield [...path, '__proto__'];
  if (path.length > 1) return;
  for (const [name, member] of Object.entries(value)) {
    if (name !== '__proto__') yield* protoMembers(member, [...path, name]);
  }
}

function explain(issue: z.core.$ZodIssue): [PropertyKey[], string][] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => [
      [...issue.path, key],
      'A contract has no such member. Remove it or correct its name.',
    ]);
  }
  if (issue.code === 'invalid_key') {
    return issue.issues.map(({ message }) => [issue.path, message]);
  }
  return [[issue.path, issue.message]];
}
