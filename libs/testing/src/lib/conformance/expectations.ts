import { expect } from 'vitest';
import { type Arena } from './arena.js';
import { parseBearerChallenge } from './challenge.js';
import { type Answered, type Shot } from './http-shot.js';
import { type Refusal } from './refusal.js';

interface Seen {
  readonly status: number;
  readonly error?: string | undefined;
  readonly code?: unknown;
}

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

function expectChallenge(arena: Arena, answered: Answered): string | undefined {
  if (answered.status !== 401 && answered.status !== 403)
    return parseBearerChallenge(answered.challenges)?.['error'];
  const challenge = parseBearerChallenge(answered.challenges);
  expect(
    challenge,
    `A ${answered.status} needs a well-formed Bearer challenge, got: ${answered.challenges.join()}`,
  ).toBeDefined();
  if (answered.status === 403)
    expect(challenge?.['scope']?.split(' ').sort(), 'insufficient_scope names what is needed').toEqual(
      [...arena.options.scopes].sort(),
    );
  return challenge?.['error'];
}

/** Checks status, challenge and body of a refusal against the ways in which it may be refused. */
export function expectRefused(
  arena: Arena,
  answered: Answered,
  shot: Shot,
  expected: readonly Refusal[],
): void {
  expect(arena.accepts(answered.status), `Accepted with ${answered.status}, must be refused.`).toBe(false);
  expectDiscreet(answered, shot);
  const error = expectChallenge(arena, answered);
  const seen: Seen = { status: answered.status, error };
  if (arena.options.expectCodes === false) {
    expect(expected.map(({ status, error: wanted }) => ({ status, error: wanted }))).toContainEqual(seen);
    return;
  }
  const body = jsonBody(answered);
  expect(
    expected.map(({ status, error: wanted, code }) => ({ status, error: wanted, code })),
    `answered ${answered.body.slice(0, 300)}`,
  ).toContainEqual({
    ...seen,
    error: seen.status === 400 ? (error ?? expected[0]?.error) : error,
    code: body['code'],
  });
  expect(body).toMatchObject({ statusCode: answered.status, message: expect.any(String) as string });
}
