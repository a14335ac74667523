import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Arena, bearer } from './arena.js';
import { expectAccepted, expectRefused } from './expectations.js';
import { type Answered } from './http-shot.js';
import { insufficientScope, invalidToken, malformedRequest, missing } from './refusal.js';
import { LoopbackIssuer } from '../issuer/loopback-issuer.js';

const scopes = ['read:things', 'write:things'] as const;

describe('what the battery expects of a refusal', () => {
  let issuer: LoopbackIssuer;
  let strict: Arena;
  let statusesOnly: Arena;
  let token: string;
  beforeAll(async () => {
    issuer = await LoopbackIssuer.start();
    token = await issuer.mint();
    const options = {
      issuer,
      baseUrl: 'http://127.0.0.1:1',
      request: { method: 'GET', path: '/' },
      audience: 'https://api.example/',
      scopes: [...scopes] as [string, ...string[]],
    };
    strict = new Arena(options, issuer, options);
    statusesOnly = new Arena({ ...options, expectCodes: false }, issuer, options);
  });
  afterAll(() => issuer.close());

  const answer = (status: number, challenge: string | undefined, code?: string): Answered => ({
    status,
    challenges: challenge === undefined ? [] : [challenge],
    retryAfter: undefined,
    dpopNonce: undefined,
    contentType: 'application/json',
    body: JSON.stringify({ statusCode: status, error: 'x', message: 'x', code }),
    tookMs: 1,
  });
  const expired = invalidToken('token_expired');

  it('is met by the refusal table', () => {
    const shot = bearer(token);
    expectRefused(strict, answer(401, 'Bearer', 'token_missing'), {}, missing);
    expectRefused(strict, answer(401, 'Bearer error="invalid_token"', 'token_expired'), shot, expired);
    expectRefused(
      strict,
      answer(400, 'Bearer error="invalid_request"', 'request_malformed'),
      shot,
      malformedRequest,
    );
    expectRefused(
      strict,
      answer(403, 'Bearer error="insufficient_scope", scope="write:things read:things"', 'scope_missing'),
      shot,
      insufficientScope,
    );
    expectAccepted(strict, answer(200, undefined));
  });

  it.each<[string, () => Answered, RegExp]>([
    ['acceptance', () => answer(200, undefined), /must be refused/],
    [
      'another status',
      () => answer(403, 'Bearer error="invalid_token", scope="read:things write:things"', 'token_expired'),
      /./,
    ],
    ['another code', () => answer(401, 'Bearer error="invalid_token"', 'claim_invalid'), /claim_invalid/],
    ['another error', () => answer(401, 'Bearer error="invalid_request"', 'token_expired'), /./],
    ['no challenge', () => answer(401, undefined, 'token_expired'), /well-formed Bearer challenge/],
    ['no error', () => answer(401, 'Bearer', 'token_expired'), /./],
    ['a challenge that cannot be read', () => answer(401, 'Bearer error=', 'token_expired'), /well-formed/],
    [
      'the token in the body',
      () => ({
        ...answer(401, 'Bearer error="invalid_token"', 'token_expired'),
        body: `{"message":"${token}"}`,
      }),
      /must not repeat the token/,
    ],
    [
      'a stack trace',
      () => ({
        ...answer(401, 'Bearer error="invalid_token"'),
        body: 'Error\n    at run (/app/main.js:1:2)',
      }),
      /stack trace/,
    ],
  ])('is not met by %s', (_name, answered, why) => {
    expect(() => expectRefused(strict, answered(), bearer(token), expired)).toThrow(why);
    expectRefused(
      strict,
      answer(401, 'Bearer error="invalid_token"', 'token_expired'),
      bearer(token),
      expired,
    );
  });

  it('is not met by a 403 that names other scopes', () => {
    const partly = answer(403, 'Bearer error="insufficient_scope", scope="read:things"', 'scope_missing');

    expect(() => expectRefused(strict, partly, bearer(token), insufficientScope)).toThrow(
      /names what is needed/,
    );
  });

  it('looks at no code where none is expected', () => {
    expectRefused(statusesOnly, answer(401, 'Bearer error="invalid_token"'), bearer(token), expired);
    expect(() => expectRefused(statusesOnly, answer(400, undefined), bearer(token), expired)).toThrow();
  });

  it('has controls that must be accepted', () => {
    expect(() => expectAccepted(strict, answer(401, 'Bearer', 'token_missing'))).toThrow(
      /control must be accepted/,
    );
  });
});
