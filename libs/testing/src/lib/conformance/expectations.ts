import { expect } from 'vitest';
import { type Arena } from './arena.js';
import { findChallenge } from './challenge.js';
import { type Answered, type Shot } from './http-shot.js';
import { type Refusal } from './refusal.js';

function jsonBody(answered: Answered): Record<string, unknown> {
  try {
    const body: unknown = JSON.parse(answered.body);
    return typeof body === 'object' && body !== null ? { ...body } : {};
  } catch {
    return {};
  }
}

/** The control beside every refusal: with the right token the very same request is let through. */
export function expectAccepted(arena: Arena, answered: Answered): void {
  expect(
    arena.accepts(answered.status),
    `The control must be accepted, but was answered ${answered.status}: ${answered.body.slice(0, 300)}`,
  ).toBe(true);
}

function credentialsOf(shot: Shot): string[] {
  return (shot.headers ?? []).flatMap(
    ([, value]) => value.match(/[\w-]{10,}\.[\w-]{10,}\.[\w-]{16,}/g) ?? [],
  );
}

function expectDiscreet(answered: Answered, shot: Shot): void {
  expect(answered.body, 'A refusal must not show a stack trace.').not.toMatch(/\n?\s+at .+:\d+:\d+/);
  for (const credential of credentialsOf(shot))
    expect(
      `${answered.body}${answered.challenges.join()}`,
      'A refusal must not repeat the token.',
    ).not.toContain(credential);
}

/** What keeps an answer from being a refusal; `undefined` when it is that one. */
function mismatch(arena: Arena, answered: Answered, refusal: Refusal): string | undefined {
  const { scheme = 'Bearer', status, error, code } = refusal;
  const wanted = `${status} ${scheme} error=${error} code=${code}`;
  if (answered.status !== status) return `${wanted}: another status`;
  const challenge = findChallenge(answered.challenges, scheme);
  if (!challenge && status !== 400)
    return `${wanted}: no well-formed ${scheme} challenge in ${answered.challenges.join()}`;
  if (challenge && challenge['error'] !== error) return `${wanted}: error=${challenge['error']}`;
  if (status === 403 && !namesScopes(challenge?.['scope'], arena.options.scopes))
    return `${wanted}: the challenge names what is needed as ${challenge?.['scope']}`;
  if (arena.options.expectCodes !== false && jsonBody(answered)['code'] !== code)
    return `${wanted}: code=${String(jsonBody(answered)['code'])}`;
  return undefined;
}

function namesScopes(scope: string | undefined, needed: readonly string[]): boolean {
  return scope?.split(' ').sort().join(' ') === [...needed].sort().join(' ');
}

/** Checks status, challenge and body of a refusal against the ways in which it may be refused. */
export function expectRefused(
  arena: Arena,
  answered: Answered,
  shot: Shot,
  expected: readonly Refusal[],
): void {
  const { status, body } = answered;
  expect(arena.accepts(status), `Accepted with ${status}, must be refused.`).toBe(false);
  expectDiscreet(answered, shot);
  const mismatches = expected.map((refusal) => mismatch(arena, answered, refusal));
  expect(
    mismatches.includes(undefined),
    `Answered ${status} ${body.slice(0, 300)}, which is none of:\n${mismatches.join('\n')}`,
  ).toBe(true);
  if (arena.options.expectCodes !== false)
    expect(jsonBody(answered)).toMatchObject({ statusCode: status, message: expect.any(String) as string });
}
